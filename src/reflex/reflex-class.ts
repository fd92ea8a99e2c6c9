import type { UploadRules } from "../uploads/upload-rules.ts";
import type { Callback } from "./callbacks.ts";
import type { Reflex } from "./reflex.ts";
import type { Rescue } from "./rescues.ts";

/**
 * A reflex class as the registry holds it: whatever types it declares for session, assigns and bindings, which
 * are the application's promise to itself and do not exist at run time.
 */
export interface ReflexClass {
  new (context: never): Pick<Reflex, "args" | "callId" | "element" | "morph" | "params" | "url">;
  readonly actions?: readonly string[];
  readonly ephemeral?: readonly string[] | true;
  readonly concurrent?: readonly string[] | true;
  readonly retries?: number;
  readonly uploads?: UploadRules;
  readonly callbacks?: readonly Callback[];
  readonly rescues?: readonly Rescue[];
}
