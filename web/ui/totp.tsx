import { TextInput, type TextInputProps } from '@mantine/core'
import { encode } from 'uqr'
import { Copy } from './copy.tsx'
import { useWording } from './wording.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A new secret for an authenticator app: 20 random bytes (RFC 4226 section 4, R6) in base32 (RFC 4648). */
export function newTotpSecret(): string {
  const bits = [...crypto.getRandomValues(new Uint8Array(20))]
    .map(byte => byte.toString(2).padStart(8, '0'))
    .join('')
  return (bits.match(/.{5}/g) ?? []).map(five => alphabet[Number.parseInt(five, 2)]).join('')
}

/** The address an authenticator app reads from the picture (Key Uri Format of Google Authenticator). */
function totpAddress(secret: string, issuer: string, account: string): string {
  const label = encodeURIComponent(`${issuer}:${account}`)
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
}

/** Connecting an authenticator app: the picture, the same key as text, and the code that proves it worked. */
export function TotpEnrolment({
  secret,
  issuer,
  account,
  code,
}: {
  secret: string
  issuer: string
  account: string
  code: TextInputProps
}) {
  const { t } = useWording()
  const spaced = (secret.match(/.{4}/g) ?? []).join(' ')
  return (
    <fieldset className="totp">
      <legend>{t('staff.totp.title')}</legend>
      <p>{t('staff.totp.text')}</p>
      <div className="totp-both">
        <Qr text={totpAddress(secret, issuer, account)} label={t('staff.totp.picture')} />
        <div>
          <p className="caption">{t('staff.totp.key')}</p>
          <p className="totp-key">{spaced}</p>
          <Copy text={secret} what={t('staff.totp.key')} />
        </div>
      </div>
      <CodeInput label={t('staff.totp.code')} {...code} />
    </fieldset>
  )
}

/** Six digits, as one field: it can be pasted into, filled in by the device, and read by a screen reader. */
export function CodeInput(props: TextInputProps) {
  return (
    <TextInput
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={12}
      className="code-input"
      {...props}
    />
  )
}

function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 3 })
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('')
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      className="qr"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
