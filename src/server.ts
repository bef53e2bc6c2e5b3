import type pino from 'pino'
import { ageRuleRoutes } from './collection/age-rule.routes.ts'
import { catalogueRoutes } from './collection/catalogue.routes.ts'
import { consentRoutes } from './collection/consent.routes.ts'
import { noticeRoutes } from './collection/notice.routes.ts'
import { statutoryBasisRoutes } from './collection/statutory-basis.routes.ts'
import { developmentOutboxPage, developmentOutboxRoutes } from './core/development-outbox.ts'
import type { House } from './core/house.ts'
import { type App, newApp } from './core/http.ts'
import { documentIssueRoutes } from './crm/document-issue.routes.ts'
import { destructionRoutes } from './disposal/destruction.routes.ts'
import { documentViewRoutes } from './disposal/document-view.routes.ts'
import { importRoutes } from './disposal/import.routes.ts'
import { overviewRoutes } from './disposal/overview.routes.ts'
import { restorationRoutes } from './disposal/restoration.routes.ts'
import { withdrawalRoutes } from './disposal/withdrawal.routes.ts'
import { Attempts } from './identity/attempts.ts'
import { demoSessionRoutes } from './identity/demo-session.routes.ts'
import { organisationRoutes } from './identity/organisation.routes.ts'
import { guardOpening } from './identity/organisation.ts'
import { guardRooms } from './identity/session.ts'
import { codeRequestRoutes } from './storage/code-request.routes.ts'
import { employmentRoutes } from './storage/employment.routes.ts'
import { openingRoutes } from './storage/opening.routes.ts'
import { addressChangeRoutes } from './use/address-change.routes.ts'
import { channelCheckRoutes } from './use/channel-check.routes.ts'
import { departureRoutes } from './use/departure.routes.ts'
import { disputeRoutes } from './use/dispute.routes.ts'
import { duplicateRoutes } from './use/duplicate.routes.ts'
import { duplicateObjectionRoutes } from './use/duplicate-objection.routes.ts'
import { employeeSessionRoutes } from './use/employee-session.routes.ts'
import { evidenceRoutes } from './use/evidence.routes.ts'
import { guardianRoutes } from './use/guardian.routes.ts'
import { importUploadRoutes } from './use/import-upload.routes.ts'
import { intakePageRoutes } from './use/intake-page.routes.ts'
import { joinRoutes } from './use/join.routes.ts'
import { linkRoutes } from './use/link.routes.ts'
import { logRoutes } from './use/log.routes.ts'
import { logCountsRoutes } from './use/log-counts.routes.ts'
import { mergeRoutes } from './use/merge.routes.ts'
import { organisationTrailRoutes } from './use/organisation-trail.routes.ts'
import { ownDataRoutes } from './use/own-data.routes.ts'
import { ownIntakeRoutes } from './use/own-intake.routes.ts'
import { ownPasskeyRoutes } from './use/own-passkey.routes.ts'
import { ownValuesRoutes } from './use/own-values.routes.ts'
import { passkeySessionRoutes } from './use/passkey-session.routes.ts'
import { policyRoutes } from './use/policy.routes.ts'
import { portalSessionRoutes } from './use/portal-session.routes.ts'
import { gpcSupportRoute, privacySignalRoutes } from './use/privacy-signal.routes.ts'
import { proofRoutes } from './use/proof.routes.ts'
import { providerCheckRoutes } from './use/provider-check.routes.ts'
import { questionRoutes } from './use/question.routes.ts'
import { searchRoutes } from './use/search.routes.ts'
import { signOutRoutes } from './use/sign-out.routes.ts'
import { statutoryDocumentRoutes } from './use/statutory-document.routes.ts'
import { taskRoutes } from './use/task.routes.ts'

/** The API over a house: every route of every chapter. Listening, pages and jobs are added by who starts it. */
export async function buildServer(house: House, log: pino.Logger | false = false): Promise<App> {
  const app = await newApp({
    log,
    https: house.publicUrl.startsWith('https:'),
    origins: [house.publicUrl],
  })
  guardOpening(app, house)
  guardRooms(app, house)
  await developmentOutboxPage(app, house)
  await logRoutes(app, house)
  await gpcSupportRoute(app)
  await app.register(
    async api => {
      await organisationRoutes(api as App, house)
      await openingRoutes(api as App, house)
      await employmentRoutes(api as App, house)
      await employeeSessionRoutes(api as App, house)
      await departureRoutes(api as App, house)
      await organisationTrailRoutes(api as App, house)
      await overviewRoutes(api as App, house)
      await logCountsRoutes(api as App, house)
      await demoSessionRoutes(api as App, house)
      await developmentOutboxRoutes(api as App, house)
      await noticeRoutes(api as App, house)
      await ageRuleRoutes(api as App, house)
      await catalogueRoutes(api as App, house)
      await codeRequestRoutes(api as App, house)
      await portalSessionRoutes(api as App, house)
      await joinRoutes(api as App, house)
      await guardianRoutes(api as App, house)
      await consentRoutes(api as App, house)
      await privacySignalRoutes(api as App, house)
      await ownDataRoutes(api as App, house)
      await ownValuesRoutes(api as App, house)
      await ownIntakeRoutes(api as App, house)
      await disputeRoutes(api as App, house)
      await linkRoutes(api as App, house)
      const sentTo = new Attempts(house.clock, 5, 60)
      await addressChangeRoutes(api as App, house, sentTo)
      await channelCheckRoutes(api as App, house, sentTo)
      await evidenceRoutes(api as App, house)
      await providerCheckRoutes(api as App, house)
      await intakePageRoutes(api as App, house)
      await proofRoutes(api as App, house)
      await passkeySessionRoutes(api as App, house)
      await ownPasskeyRoutes(api as App, house)
      await questionRoutes(api as App, house)
      await signOutRoutes(api as App, house)
      await taskRoutes(api as App, house)
      await searchRoutes(api as App, house)
      await policyRoutes(api as App, house)
      await duplicateRoutes(api as App, house)
      await duplicateObjectionRoutes(api as App, house)
      await mergeRoutes(api as App, house)
      await withdrawalRoutes(api as App, house)
      await destructionRoutes(api as App, house)
      await restorationRoutes(api as App, house)
      await importRoutes(api as App, house)
      await importUploadRoutes(api as App, house)
      await statutoryBasisRoutes(api as App, house)
      await statutoryDocumentRoutes(api as App, house)
      await documentIssueRoutes(api as App, house)
      await documentViewRoutes(api as App, house)
    },
    { prefix: '/api/v1' },
  )
  return app
}
