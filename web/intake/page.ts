// The page for sealed forms: it stands in a frame of the portal whose origin is nobody's, so that no script of the
// portal reaches what is typed here. What it says to the portal is in `../ui/intake-messages.ts`, and nothing else.
import './page.css'
import * as z from 'zod'
import type { FromForm, ToForm } from '../ui/intake-messages.ts'
import { element } from './element.ts'
import { SealedForm } from './form.ts'
import { wordsOf } from './wording.ts'

// It would try whether code may be made of text, which this page forbids itself.
z.config({ jitless: true })

function begin(port: MessagePort, opened: Extract<ToForm, { say: 'open' }>): void {
  const say = (message: FromForm) => port.postMessage(message)
  const form = new SealedForm(opened, {
    want: () => say({ say: 'wanted' }),
    send: envelope => say({ say: 'sealed', envelope }),
    leave: () => say({ say: 'leave' }),
  })
  port.onmessage = ({ data }: MessageEvent<ToForm>) => {
    if (data.say === 'look') void form.dress(data.look)
    else if (data.say === 'terms') void form.seal(data)
    else if (data.say === 'refused') form.refuse(data.code, data.faults)
  }
  addEventListener('keydown', event => {
    if (event.key === 'Escape') say({ say: 'leave' })
  })
  const grown = () => {
    say({ say: 'height', pixels: Math.ceil(document.body.getBoundingClientRect().height) })
    // What had to scroll while there was less room has all of it in a moment.
    scrollTo(0, 0)
  }
  new ResizeObserver(grown).observe(document.body)
  addEventListener('resize', grown)
  void form.start()
}

// Once: whoever came later would be another than the page that this frame was opened for.
let open = false
addEventListener('message', ({ data, ports: [port], source }: MessageEvent<ToForm>) => {
  if (open || source !== parent || parent === self || port === undefined || data?.say !== 'open') return
  open = true
  begin(port, data)
})

if (parent === self) {
  const said = (['en', 'it'] as const).map(lang => element('p', { lang }, wordsOf(lang).alone))
  document.body.replaceChildren(element('main', {}, element('h1', {}, 'Custode'), ...said))
}
