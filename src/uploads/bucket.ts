/** The name of the binding unless the application says another. */
export const UPLOADS_BINDING = "UPLOADS";

/**
 * The bucket that a Worker is bound to.
 *
 * Throws an `Error` that says what to add to the configuration when there is none.
 */
export function bucketOf(env: unknown, binding: string): R2Bucket {
  const bucket: unknown = typeof env === "object" && env !== null ? Reflect.get(env, binding) : undefined;
  // Nothing else that a Worker is bound to has this method.
  if (typeof bucket === "object" && bucket !== null && "createMultipartUpload" in bucket)
    return bucket as R2Bucket;
  throw new Error(
    `The Worker has no R2 bucket ${binding}, so files cannot be uploaded. Run: npx wrangler r2 bucket create <name> — and ` +
      `add to wrangler.toml: [[r2_buckets]] binding = "${binding}", bucket_name = "<name>"`,
  );
}
