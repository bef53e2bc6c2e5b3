import { NativeSelect, TextInput } from '@mantine/core'
import { cardBrands } from './card-brand.ts'
import { isBlank } from './datum.ts'
import { type InputProps, useFaultWord } from './datum-field.tsx'
import { DatumGroup } from './datum-group.tsx'
import { useWording } from './wording.ts'

type Card = Partial<Record<'brand' | 'last4' | 'expiry' | 'token', string>>

/** Enough of a card to know it again. There is no field for its number or its code: who has none can lose none. */
export function CardInput({ shown, name, value, faults, onChange }: InputProps) {
  const { t } = useWording()
  const faultWord = useFaultWord()
  const card = (typeof value === 'object' && value !== null ? value : {}) as Card
  const give = (part: 'brand' | 'last4' | 'expiry', text: string) => {
    // What a payment provider calls it is about the card that was there before.
    const { token: _token, ...rest } = card
    const given = { ...(part === 'expiry' ? card : rest), [part]: text }
    onChange(isBlank(given) ? null : given, part)
  }
  const propsOf = (part: 'brand' | 'last4' | 'expiry') => ({
    ...{ label: t(`datum.card.${part}`), name: `${name}.${part}`, value: card[part] ?? '' },
    error: faults[part] === undefined ? undefined : faultWord(faults[part]),
  })
  const why = t('datum.card.why')
  const description = shown.description === undefined ? why : `${shown.description} ${why}`
  return (
    <DatumGroup shown={{ ...shown, description }}>
      <NativeSelect
        {...propsOf('brand')}
        autoComplete="cc-type"
        onChange={event => give('brand', event.currentTarget.value)}
        data={[
          { value: '', label: t('datum.choose') },
          ...Object.entries(cardBrands).map(([brand, label]) => ({ value: brand, label })),
          { value: 'other', label: t('datum.card.other') },
        ]}
      />
      {/* No `maxLength`: of a whole number that is pasted here, the first digits would stay. */}
      <TextInput
        {...propsOf('last4')}
        className="card-last4"
        inputMode="numeric"
        autoComplete="off"
        onChange={event => give('last4', event.currentTarget.value)}
      />
      <TextInput
        {...propsOf('expiry')}
        className="card-expiry"
        autoComplete="cc-exp"
        placeholder={t('datum.card.month')}
        onChange={event => give('expiry', event.currentTarget.value)}
      />
    </DatumGroup>
  )
}
