import { asProblem } from '../ui/api.ts'
import type { CatalogueField } from '../ui/catalogue.ts'
import { tell } from '../ui/notice.tsx'
import { useWording } from '../ui/wording.ts'
import { useWriting } from './writing.ts'

/** Tells that a value was saved, and offers to put back the one that was held before, or none. */
export function useSaved(field: CatalogueField, held: unknown): () => void {
  const { t, word, sentenceOf } = useWording()
  const write = useWriting()
  const { code, required } = field
  const undo = () =>
    write(field, held ?? null).then(
      () =>
        tell(
          t(held === undefined ? 'portal.data.ungiven' : 'portal.data.undone', { what: word('field', code) }),
        ),
      // There is no form any more whose fields could be looked at.
      (error: unknown) => tell(asProblem(error).code === 'invalid' ? t('problem.title') : sentenceOf(error)),
    )
  return () => {
    const offer =
      // Of a card's whole number this page knows the last digits alone.
      (held === undefined && required) || (held !== undefined && field.type === 'card_number')
        ? null
        : { label: t('portal.data.undo'), act: () => void undo() }
    tell(t('portal.data.saved', { what: word('field', code) }), offer)
  }
}
