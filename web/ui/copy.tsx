import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useWording } from './wording.ts'

/** Copies a text; says so in its own label, which is read out. */
export function Copy({ text, what }: { text: string; what: string }) {
  const clipboard = useClipboard({ timeout: 3000 })
  const { t } = useWording()
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={clipboard.copied ? t('copied') : t('copyOf', { what })}
      onClick={() => clipboard.copy(text)}
    >
      <span aria-live="polite">{clipboard.copied ? t('copied') : t('copy')}</span>
    </Button>
  )
}
