import { expect, test } from 'vitest'
import { framesOf } from './frames.ts'

test('it names the error and where it happened, and nothing of its message', () => {
  const error = new TypeError('Ada Corvo\n    at Ada Corvo (ada.corvo@example.org)\nis no number')
  const [name, ...frames] = framesOf(error)
  expect(name).toBe('TypeError')
  expect(frames[0]).toMatch(/frames\.test\.ts:\d+/)
  expect(framesOf(error).join('\n')).not.toMatch(/Ada|ada\.corvo/)
})

test('a code that says what the system refused is told, and any other is not', () => {
  expect(framesOf(Object.assign(new Error('x'), { code: 'ENOSPC' }))[0]).toBe('Error ENOSPC')
  expect(framesOf(Object.assign(new Error('x'), { code: 'ada.corvo@example.org' }))[0]).toBe('Error')
})

test('a message that was changed after the throw stays out all the same', () => {
  const error = new Error('Ada Corvo')
  error.message = 'Bruno Alder'
  expect(framesOf(error).join('\n')).not.toMatch(/Ada|Bruno/)
})

test('whatever else is thrown is not shown', () => {
  expect(framesOf('Ada Corvo')).toEqual(['something was thrown that is no error'])
  expect(framesOf(undefined)).toHaveLength(1)
})
