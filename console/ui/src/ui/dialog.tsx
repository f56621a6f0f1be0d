import type { ReactNode } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button } from './button.tsx'
import { Icon } from './symbols.tsx'

interface Props {
  title: string
  onClose: () => void
  /** `top` for the palette, which has no visible heading. */
  place?: 'middle' | 'top'
  children: ReactNode
}

/** A layer that has to be answered or closed; focus goes in and comes back to where it was. */
export function ModalDialog({ title, onClose, place = 'middle', children }: Props) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className={place === 'top' ? 'veil high' : 'veil'}
    >
      <Modal className="layer modal">
        <Dialog {...(place === 'top' && { 'aria-label': title })}>
          {place === 'middle' && (
            <header className="modal-head">
              <Heading slot="title" level={2}>
                {title}
              </Heading>
              <Button kind="quiet" icon onClick={onClose}>
                <Icon name="close" />
                <span className="vh">Close</span>
              </Button>
            </header>
          )}
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
