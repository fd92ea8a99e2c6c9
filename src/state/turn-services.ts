import type { Cache } from "../cache/cache.ts";
import type { RegionContent } from "../render/region.ts";
import type { SignedValues } from "../security/signed-values.ts";
import type { PresenceList } from "../topics/presence-list.ts";
import type { UploadPorts } from "../uploads/turn-uploads.ts";
import type { SessionStore } from "./draft.ts";
import type { StructuresPort } from "./structures/structure-call.ts";

/** What a turn may use beside its draft: done at once, and not undone when the turn fails. */
export interface TurnServices {
  /** What all sessions share. */
  readonly cache: Cache;
  /** Signs what pages hand out. Absent: nothing is signed. */
  readonly signed?: SignedValues;
  /** The structures that are bound to a key. Throws where the Worker has no object for them. */
  structuresAt(key: string): StructuresPort;
  /** What a region shows. May reject, with a `TopicError` where the application cannot render it. Absent: there are no regions. */
  readonly regionOf?: ((name: string) => Promise<RegionContent>) | undefined;
  /** What the session has published and its topics do not have, under the key of its outbox. Absent: what is stored. */
  readonly outbox?: Pick<SessionStore, "read">;
  /** Who is present in a topic. Absent: there is nobody to ask. May reject. */
  rosterOf?(topic: string): Promise<PresenceList>;
  /** Where the visitor's files are; absent where no session has any. */
  readonly uploads?: UploadPorts;
}
