export type { CacheOptions } from "./app/cache-source.ts";
export { createReflex, type ReflexOptions, type ReflexWorker } from "./app/create-reflex.ts";
export { type Layout, type LayoutInput, type PageProps, type PageVariables, pages } from "./app/pages.ts";
export type { RegionInput, RegionRenderer, Regions } from "./app/region-source.ts";
export type { Cable, EarlyCable } from "./cable/cable.ts";
export { type CableCar, cableCar } from "./cable/cable-car.ts";
export type { OperationOptions, Operations } from "./cable/operation-chain.ts";
export { OperationError, type OperationErrorCode } from "./cable/operation-error.ts";
export type { Selectable } from "./cable/selectable.ts";
export type { TopicCable } from "./cable/topic-cable.ts";
export { Cache, type CacheEntries } from "./cache/cache.ts";
export { CacheError, type CacheErrorCode } from "./cache/cache-error.ts";
export type { CacheFetchOptions, CacheVersion, CacheWriteOptions } from "./cache/cache-options.ts";
export type { CustomOperations, Operation, OperationName } from "./protocol/operations.ts";
export type { ActionsOf, ArgumentsOf, ReflexesOf } from "./reflex/action-types.ts";
export type { CallLogger } from "./reflex/call-logger.ts";
export {
  after,
  around,
  before,
  type Callback,
  type CallbackOptions,
  type Condition,
  type Next,
  prepend,
  skip,
} from "./reflex/callbacks.ts";
export { type DeclaredEvent, reflex, reflexes } from "./reflex/declare.ts";
export { domId } from "./reflex/dom-id.ts";
export { ElementValueError, ReflexElement } from "./reflex/element.ts";
export type { UploadedFile } from "./reflex/files.ts";
export { type FieldGroup, type FieldValue, ParamsError } from "./reflex/nested-fields.ts";
export { type ParamFilter, ParamGroup, type Permitted } from "./reflex/param-group.ts";
export { Params } from "./reflex/params.ts";
export { PayloadError } from "./reflex/payload.ts";
export { Reflex } from "./reflex/reflex.ts";
export type { ReflexBase } from "./reflex/reflex-base.ts";
export type { ReflexClass } from "./reflex/reflex-class.ts";
export type { AssignsOf, ReflexContext } from "./reflex/reflex-context.ts";
export type { ReflexClasses } from "./reflex/registry.ts";
export { type ErrorClass, type Rescue, rescueFrom } from "./reflex/rescues.ts";
export type { Region } from "./render/region.ts";
export { renderToString } from "./render/render.ts";
export { TemplateError } from "./render/template-error.ts";
export {
  html,
  type KeyedList,
  keyed,
  type Part,
  type TrustedHtml,
  unsafeHtml,
  type View,
} from "./render/view.ts";
export { KeyRingError } from "./security/key-ring.ts";
export type { SignOptions } from "./security/signed-values.ts";
export { Session } from "./session/session.ts";
export { type CookieOptions, Cookies } from "./state/cookies.ts";
export { SessionError } from "./state/draft.ts";
export { Flash } from "./state/flash.ts";
export { KeyedValues } from "./state/keyed-values.ts";
export { KeyedStructures } from "./state/structures/keyed-structures.ts";
export type { Remote } from "./state/structures/remote.ts";
export { StructureError, type StructureErrorCode } from "./state/structures/structure-error.ts";
export { Structures } from "./state/structures/structures.ts";
export { TabState } from "./state/tab-state.ts";
export { TimerError, type TimerErrorCode, type TimerTime } from "./state/timers.ts";
export { Timers } from "./state/turn-timers.ts";
export { type Query, Urls } from "./state/urls.ts";
export type { PresenceList, PresentVisitor } from "./topics/presence-list.ts";
export { TopicError, type TopicErrorCode } from "./topics/topic-error.ts";
export type { TouchOptions } from "./topics/turn-topics.ts";
export type { PageCause } from "./turn/turn-end.ts";
export type { UploadRule, UploadRules } from "./uploads/upload-rules.ts";
