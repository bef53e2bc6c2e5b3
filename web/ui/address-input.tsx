import { TextInput } from '@mantine/core'
import { CodeInput } from './code-input.tsx'
import { type Address, type AddressPart, isBlank } from './datum.ts'
import { type InputProps, useFaultWord } from './datum-field.tsx'
import { DatumGroup } from './datum-group.tsx'
import { useWording } from './wording.ts'

interface Part {
  part: Exclude<AddressPart, 'country'>
  autoComplete: string
  optional?: true
}

/** In the order in which they are typed, the country first: the rest depends on it. */
const parts: Part[] = [
  { part: 'street', autoComplete: 'address-line1' },
  { part: 'house_number', autoComplete: 'off', optional: true },
  { part: 'addition', autoComplete: 'address-line2', optional: true },
  { part: 'postal_code', autoComplete: 'postal-code' },
  { part: 'city', autoComplete: 'address-level2' },
  { part: 'region', autoComplete: 'address-level1', optional: true },
]

/** An address, part by part; null while all of them are empty. */
export function AddressInput({ shown, name, value, faults, onChange }: InputProps) {
  const { t } = useWording()
  const faultWord = useFaultWord()
  const address = (typeof value === 'object' && value !== null ? value : {}) as Address
  const give = (part: AddressPart, text: string) => {
    const given = { ...address, [part]: text }
    onChange(isBlank(given) ? null : given, part)
  }
  const errorOf = (part: AddressPart) => {
    const fault = faults[part]
    return fault === undefined ? undefined : faultWord(fault)
  }
  const labelOf = ({ part, optional }: Part) =>
    optional ? `${t(`datum.address.${part}`)} (${t('optional')})` : t(`datum.address.${part}`)
  return (
    <DatumGroup shown={shown}>
      <CodeInput
        type="country"
        shown={{
          label: t('datum.address.country'),
          description: undefined,
          error: errorOf('country'),
          withAsterisk: false,
        }}
        name={`${name}.country`}
        autoComplete="country"
        value={address.country ?? ''}
        onChange={code => give('country', code ?? '')}
      />
      {parts.map(part => (
        <TextInput
          key={part.part}
          label={labelOf(part)}
          className={`address-${part.part}`}
          autoComplete={part.autoComplete}
          name={`${name}.${part.part}`}
          value={address[part.part] ?? ''}
          onChange={event => give(part.part, event.currentTarget.value)}
          error={errorOf(part.part)}
        />
      ))}
    </DatumGroup>
  )
}
