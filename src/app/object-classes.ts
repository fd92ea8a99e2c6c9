import type { StructuresPort } from "../state/structures/structure-call.ts";
import { regionOf } from "../topics/node-name.ts";
import type { PresenceNode } from "../topics/presence-messages.ts";
import type { RegionNode } from "../topics/region-messages.ts";
import type { TopicNode } from "../topics/topic-messages.ts";

/** The name under which an application exports its session class, and by which the Worker finds it. */
export const SESSION_CLASS = "SessionObject";

/** The name under which an application exports its cache class, if it uses the cache. */
export const CACHE_CLASS = "CacheObject";
/** The name under which an application exports the class of its keyed structures. */
const STRUCTURES_CLASS = "StructuresObject";
/** The name under which an application exports the class of its topics, if it uses any. */
const TOPIC_CLASS = "TopicObject";

/** Where objects of a class are found. */
export type ObjectNamespace = Pick<DurableObjectNamespace, "getByName">;

/** What knows the classes that the Worker exports: the context of a request, or of an object. */
export type ClassContext = Pick<ExecutionContext | DurableObjectState, "exports">;

/**
 * The objects of a class that the Worker exports.
 *
 * Throws an `Error` that says what to export and to declare when there is no such class.
 */
export function namespaceOf(ctx: ClassContext, className: string): ObjectNamespace {
  const namespace: unknown = Reflect.get(Reflect.get(ctx, "exports") ?? {}, className);
  // The platform's namespaces are callable objects with this method; nothing else of that name has it.
  if (isObject(namespace) && "getByName" in namespace) return namespace as ObjectNamespace;
  throw new Error(
    `The Worker has no Durable Object class ${className}. Export it from the Worker's entry ` +
      `(export const { ${className} } = reflex) and declare it in wrangler.toml: ` +
      `[exports.${className}] type = "durable-object", storage = "sqlite"`,
  );
}

/** The structures that are bound to a key. Throws as {@link namespaceOf} does. */
export function structuresAt(ctx: ClassContext, key: string): StructuresPort {
  // Names in this namespace are objects of the class, whose methods the platform offers as they are.
  return namespaceOf(ctx, STRUCTURES_CLASS).getByName(key) as unknown as StructuresPort;
}

/**
 * A node of a topic. Throws as {@link namespaceOf} does.
 *
 * @param region where it is to be made if it is not there yet, a location hint of the platform; default: what a relay's name says
 */
export function topicAt(ctx: ClassContext, node: string, region = regionOf(node)): TopicNode {
  const options = region === undefined ? {} : { locationHint: region as DurableObjectLocationHint };
  // Names in this namespace are objects of the class, whose methods the platform offers as they are.
  return namespaceOf(ctx, TOPIC_CLASS).getByName(node, options) as unknown as TopicNode;
}

/** The root of a topic, which knows who is present. Throws as {@link namespaceOf} does. */
export function presenceAt(ctx: ClassContext, topic: string): PresenceNode {
  // As above.
  return namespaceOf(ctx, TOPIC_CLASS).getByName(topic) as unknown as PresenceNode;
}

/** The root of a topic that is a region. Throws as {@link namespaceOf} does. */
export function regionAt(ctx: ClassContext, topic: string): RegionNode {
  // As above.
  return namespaceOf(ctx, TOPIC_CLASS).getByName(topic) as unknown as RegionNode;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
