import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import type { LineFault } from '../storage/import.ts'

/** The report cannot be written; `message` is one line that says what to do. */
export class ReportRefused extends Error {
  override readonly name = 'ReportRefused'
}

const reasons: Record<string, string> = {
  ENOENT: 'its folder does not exist: make the folder, or name another file',
  ENOTDIR: 'a part of the path is no folder: name another file',
  EISDIR: 'it is a folder: name a file in it',
  EACCES: 'this user may not write there: name another file',
  EPERM: 'this user may not write there: name another file',
  EROFS: 'the disk is read-only: name another file',
  ENOSPC: 'the disk is full: name a file on another one',
}

/** The file in which every refused line is listed: opened before the import begins, so that its end cannot fail on it. */
export class ReportFile {
  readonly #path: string
  readonly #handle: FileHandle

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  /**
   * Opens the file for writing and leaves what an earlier run wrote in it until `write`. Throws `ReportRefused` where
   * it cannot be written, and where it is the file that is imported, under whatever name.
   */
  static async open(path: string, imported: string): Promise<ReportFile> {
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT).catch(error => {
      throw refused(path, error)
    })
    const [report, source] = await Promise.all([handle.stat(), stat(imported).catch(() => null)])
    if (source === null || source.dev !== report.dev || source.ino !== report.ino)
      return new ReportFile(path, handle)
    await handle.close()
    throw new ReportRefused(`--report ${path} is the file that is imported: name another file`)
  }

  /** Writes a line number and a code for each fault, never a value. Throws `ReportRefused`. */
  async write(faults: readonly LineFault[]): Promise<void> {
    const lines = faults.map(({ line, code }) => `${line},${code}\n`)
    try {
      // A pipe or a terminal has no length.
      if ((await this.#handle.stat()).isFile()) await this.#handle.truncate(0)
      await this.#handle.writeFile(`line,code\n${lines.join('')}`)
    } catch (error) {
      throw refused(this.#path, error)
    }
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

function refused(path: string, error: unknown): ReportRefused {
  const code = String((error as NodeJS.ErrnoException).code)
  return new ReportRefused(`--report ${path} cannot be written: ${reasons[code] ?? code}`)
}
