/**
 * Units of which a line cannot be kept. Their other lines are not kept either: half an invoice is wrong data, and
 * its lines would be counted differently once the file is mended.
 */
export class BrokenUnits {
  #broken = new Set<string>()
  #owner = new Map<string, string>()

  add(unit: string | null): void {
    if (unit !== null) this.#broken.add(unit)
  }

  has(unit: string | null): boolean {
    return unit !== null && this.#broken.has(unit)
  }

  /** A unit that names two customers is nobody's. */
  claim(unit: string | null, reference: string): void {
    if (unit === null) return
    const owner = this.#owner.get(unit)
    if (owner === undefined) this.#owner.set(unit, reference)
    else if (owner !== reference) this.add(unit)
  }

  /** A line that is no CSV may have belonged to the unit before or after it. */
  addBeside(unreadable: readonly number[], lines: readonly { line: number; unit: string | null }[]): void {
    for (const at of unreadable) {
      const next = lines.findIndex(({ line }) => line > at)
      for (const beside of [lines[(next === -1 ? lines.length : next) - 1], lines[next]])
        if (beside !== undefined) this.add(beside.unit)
    }
  }
}
