import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../../api/people.ts'
import { roleWords } from '../../components/permission.ts'
import { Choice } from '../../ui/field.tsx'
import { localZone, preferences, usePreferences } from '../../ui/preferences.ts'
import { Verbatim } from '../../ui/verbatim.tsx'

/** How this person wants the screens. What is chosen holds at once. */
export function Profile() {
  const { theme, density, zone, singleKeys } = usePreferences()
  const me = useQuery(meQuery).data
  return (
    <div className="form narrow-form">
      {me !== undefined && (
        <dl className="facts">
          <dt>Signed in as</dt>
          <dd>
            <Verbatim text={me.name} /> <span className="muted">({roleWords[me.role]})</span>
          </dd>
          <dt>E-mail</dt>
          <dd>
            <Verbatim text={me.email} />
          </dd>
        </dl>
      )}
      <section aria-labelledby="s-screens">
        <h2 id="s-screens">
          Screens <span className="meta">Kept in this browser</span>
        </h2>
        <Choice
          legend="Colours"
          name="theme"
          value={theme}
          onChange={(next) => preferences.change({ theme: next })}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <Choice
          legend="Density of tables"
          name="density"
          value={density}
          onChange={(next) => preferences.change({ density: next })}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'standard', label: 'Standard' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
        />
        <Choice
          legend="Time zone"
          name="zone"
          value={zone}
          onChange={(next) => preferences.change({ zone: next })}
          options={[
            { value: 'utc', label: 'UTC' },
            { value: 'local', label: `This computer’s, ${localZone}` },
          ]}
        />
        <Choice
          legend="Single keys"
          isList
          name="single-keys"
          value={singleKeys ? 'on' : 'off'}
          onChange={(next) => preferences.change({ singleKeys: next === 'on' })}
          options={[
            { value: 'on', label: 'On: j and k move in lists, ? shows all keys' },
            { value: 'off', label: 'Off: only keys with Ctrl or Alt, and Esc' },
          ]}
        />
      </section>
    </div>
  )
}
