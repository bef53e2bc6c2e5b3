import { BookFiles } from './book-files.ts'
import type { Custodian } from './custodian.ts'
import { Keybook } from './keybook.ts'
import { KeeperRefusal } from './refusal.ts'

/**
 * Opens the keybook at start. When a roll was cut off, two epochs lie here: the newer counts if it opens with all
 * its pages, because a directory is written last; otherwise nothing of the older has been destroyed yet and it
 * counts. The caller checks the choice against the log and then calls `settle`. `fresh` says that nothing was ever
 * kept here: only then may a new keybook be made. `opener` is a recovery secret, for when no custodian opens it.
 */
export async function openKeybook(
  folder: string,
  custodians: Custodian[],
  { fresh, opener }: { fresh: boolean; opener: Custodian | null },
): Promise<Keybook> {
  const files = await BookFiles.open(folder)
  const epochs = await files.epochs()
  if (epochs.length === 0) {
    if (!fresh) throw new KeeperRefusal('unavailable', { why: 'the keybook is missing' })
    return Keybook.create(files, custodians)
  }
  let refusal: unknown
  for (const epoch of epochs.reverse()) {
    try {
      return await Keybook.load(files, custodians, epoch, opener)
    } catch (error) {
      refusal ??= error
    }
  }
  throw refusal
}
