import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { Problem } from './api.ts'

/** Whether this browser knows passkeys at all. */
export const knowsPasskeys = (): boolean => browserSupportsWebAuthn()

/** What the server asks an authenticator for, and the challenge to name with the answer. */
interface Asked {
  id: string
  options: { challenge: string }
}

/** Has an authenticator make a passkey. Throws `passkey_known`, `passkey_stopped` and `passkey_unable`. */
export async function makePasskey({ id, options }: Asked) {
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const { response, ...made } = await startRegistration({ optionsJSON }).catch(asProblem)
  const { clientDataJSON, attestationObject, transports } = response
  return {
    challenge: id,
    response: {
      ...{ id: made.id, rawId: made.rawId, type: made.type, clientExtensionResults: {} },
      response: { clientDataJSON, attestationObject, ...(transports === undefined ? {} : { transports }) },
    },
  }
}

/** Has an authenticator sign with a passkey. Throws `passkey_stopped` and `passkey_unable`. */
export async function showPasskey({ id, options }: Asked) {
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const { response, ...shown } = await startAuthentication({ optionsJSON }).catch(asProblem)
  const { clientDataJSON, authenticatorData, signature, userHandle } = response
  return {
    challenge: id,
    response: {
      ...{ id: shown.id, rawId: shown.rawId, type: shown.type, clientExtensionResults: {} },
      response: {
        ...{ clientDataJSON, authenticatorData, signature },
        ...(userHandle === undefined ? {} : { userHandle }),
      },
    },
  }
}

/** A browser does not say why it was stopped: whoever asks must not learn which passkeys there are. */
function asProblem(error: unknown): never {
  if (!knowsPasskeys()) throw new Problem('passkey_unable', 0)
  const known = (error as Error).name === 'InvalidStateError'
  throw new Problem(known ? 'passkey_known' : 'passkey_stopped', 0)
}
