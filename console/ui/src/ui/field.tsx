import { type InputHTMLAttributes, type ReactNode, type TextareaHTMLAttributes, useId, useState } from 'react'
import { Button } from './button.tsx'
import { Shape } from './symbols.tsx'

interface FrameProps {
  id: string
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  children: ReactNode
  end?: ReactNode
}

/** Label, hint and error of one control; the control names the last two with `describe(id, ...)`. */
export function FieldFrame({ id, label, hint, error, children, end }: FrameProps) {
  return (
    <div className={error === undefined ? 'field-row' : 'field-row err'}>
      <span className="lab-row">
        <label className="lab" htmlFor={id}>
          {label}
        </label>
        {end}
      </span>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <FieldError id={id} error={error} />
      {children}
    </div>
  )
}

export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (error === undefined) return null
  return (
    <p className="msg" id={`${id}-error`}>
      <Shape name="no" /> {error}
    </p>
  )
}

/** The attributes by which a control names its hint and error. */
export function describe(id: string, parts: { hint?: unknown; error?: unknown }) {
  const ids = [parts.hint !== undefined && `${id}-hint`, parts.error !== undefined && `${id}-error`].filter(Boolean)
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }),
    ...(parts.error !== undefined && { 'aria-invalid': true as const }),
  }
}

type Words = { label: string; hint?: ReactNode; error?: string | undefined }

export function TextField({ label, hint, error, id, ...rest }: Words & InputHTMLAttributes<HTMLInputElement>) {
  const own = useId()
  const name = id ?? own
  return (
    <FieldFrame id={name} label={label} {...(hint !== undefined && { hint })} error={error}>
      <input
        {...rest}
        {...describe(name, { hint, error })}
        id={name}
        className={`in-text ${rest.className ?? 'wide'}`}
      />
    </FieldFrame>
  )
}

export function TextArea({ label, hint, error, id, ...rest }: Words & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const own = useId()
  const name = id ?? own
  return (
    <FieldFrame id={name} label={label} {...(hint !== undefined && { hint })} error={error}>
      <textarea {...rest} {...describe(name, { hint, error })} id={name} className="in-text" />
    </FieldFrame>
  )
}

export function PasswordField({ label, hint, error, id, ...rest }: Words & InputHTMLAttributes<HTMLInputElement>) {
  const own = useId()
  const name = id ?? own
  const [shown, setShown] = useState(false)
  const toggle = (
    <Button kind="quiet" small aria-pressed={shown} onClick={() => setShown(!shown)}>
      {shown ? 'Hide' : 'Show'}
      <span className="vh"> {label.toLowerCase()}</span>
    </Button>
  )
  return (
    <FieldFrame id={name} label={label} {...(hint !== undefined && { hint })} error={error} end={toggle}>
      <input
        {...rest}
        {...describe(name, { hint, error })}
        id={name}
        type={shown ? 'text' : 'password'}
        className="in-text wide"
      />
    </FieldFrame>
  )
}

/** One of a few, as radio buttons. */
export function Choice<T extends string>({
  legend,
  name,
  value,
  options,
  onChange,
  isList = false,
}: {
  legend: ReactNode
  /** One below the other, for labels that are sentences. */
  isList?: boolean
  name: string
  value: T | undefined
  options: readonly { value: T; label: ReactNode }[]
  onChange: (value: T) => void
}) {
  return (
    <fieldset className="field-row">
      <legend>{legend}</legend>
      <div className={isList ? 'choice list' : 'choice'}>
        {options.map((option) => (
          <label key={option.value}>
            <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />{' '}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
