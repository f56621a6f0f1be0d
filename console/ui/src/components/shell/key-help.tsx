import { links } from '../../links.ts'
import { ModalDialog } from '../../ui/dialog.tsx'
import { isSingle, useKeysInForce } from '../../ui/keys.ts'
import { Link } from '../../ui/link.tsx'
import { usePreferences } from '../../ui/preferences.ts'

/** Every key that does something on this page, out of the same table that acts. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { singleKeys } = usePreferences()
  const groups = Map.groupBy(useKeysInForce(), (key) => key.group)
  return (
    <ModalDialog title="Help & keys" onClose={onClose}>
      <div className="modal-body stack">
        <p>
          Every act has a button as well. {singleKeys ? 'Single keys are on' : 'Single keys are off'}:{' '}
          <Link to={links.settings()} onClick={onClose}>
            change it in your profile
          </Link>
          .
        </p>
        <div className="key-groups">
          {[...groups].map(([group, keys]) => (
            <section key={group}>
              <h3>{group}</h3>
              <dl className="key-list">
                {keys
                  .filter((key) => singleKeys || !isSingle(key.keys))
                  .map((key) => (
                    <div key={key.keys}>
                      <dt>
                        {key.keys.split(' ').map((press) => (
                          <kbd key={press}>{press.replace('Ctrl+', 'Ctrl ').replace('Escape', 'Esc')}</kbd>
                        ))}
                      </dt>
                      <dd>{key.label}</dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
        <section>
          <h3>Words</h3>
          <dl className="facts">
            <dt>Record</dt>
            <dd>One observation exactly as the source gave it, sealed on the host.</dd>
            <dt>Batch</dt>
            <dd>Sealed records of one host: signed there, chained to the batch before.</dd>
            <dt>Event</dt>
            <dd>Our reading of a record. Never evidence by itself; the record is.</dd>
            <dt>Indicator</dt>
            <dd>A pattern somebody judged bad: with source, TLP label and validity.</dd>
            <dt>Sighting</dt>
            <dd>An indicator met a value that was seen on a host.</dd>
            <dt>Finding</dt>
            <dd>What a detector concludes, with the records that show it. You decide it.</dd>
            <dt>Coverage</dt>
            <dd>For each host, source and time: covered, lost, not enabled, not asked or not reachable.</dd>
            <dt>Package</dt>
            <dd>The sealed evidence package that CBP’s SOC can verify with stock tools.</dd>
          </dl>
        </section>
      </div>
    </ModalDialog>
  )
}
