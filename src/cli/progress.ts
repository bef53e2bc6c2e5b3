/** A bar on a terminal, a line at every tenth elsewhere. */
export function progressBar(): (share: number) => void {
  let shown = -1
  return share => {
    const step = Math.floor(share * (process.stderr.isTTY ? 100 : 10))
    if (step === shown) return
    shown = step
    if (!process.stderr.isTTY) return void process.stderr.write(`${step * 10} %\n`)
    const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░')
    process.stderr.write(`\r${bar} ${step} %${share >= 1 ? '\n' : ''}`)
  }
}
