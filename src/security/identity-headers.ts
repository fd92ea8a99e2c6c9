/**
 * What the Worker and a session object tell each other of a visitor's cookie, in headers: the Worker has the keys, the object
 * knows what has become of the session. The Worker sets or removes each, so that no browser can.
 */

/** Worker → object: the generation of the cookie; absent for 0. */
export const GENERATION_HEADER = "Reflex-Generation";

/**
 * Object → Worker: `moved` or `ended` for a cookie that is of no use, a number for the generation of the visitor's next
 * cookie, `<visitor>.<number>` for that of another visitor. Absent: the cookie is good.
 */
export const IDENTITY_HEADER = "Reflex-Identity";
