/** The fields of the form, in its order. */
export const FIELDS = ["name", "email", "password", "repeat"] as const;

/** One of them. */
export type Field = (typeof FIELDS)[number];

/** What is wrong, for each field with which something is. */
export type Messages = Readonly<Partial<Record<Field, string>>>;

/** Where the values of a form are, such as a reflex's `params`. */
interface Form {
  get(name: string): string | undefined;
}

/** Names that somebody has. */
const TAKEN = new Set(["ada", "grace", "alan", "admin", "root"]);

const NAME_CHARS_MAX = 20;

const PASSWORD_CHARS_MIN = 10;

const CHECKS: Readonly<Record<Field, (value: string, form: Form) => string | undefined>> = {
  name: (name) => {
    if (name === "") return "Choose a name.";
    if (!/^[a-z][a-z0-9-]*$/i.test(name))
      return "Begin with a letter; go on with letters, digits and hyphens.";
    if (name.length > NAME_CHARS_MAX)
      return `That is ${name.length} characters; ${NAME_CHARS_MAX} are the most.`;
    return TAKEN.has(name.toLowerCase()) ? `${name} is taken. How about ${name}-2?` : undefined;
  },
  email: (email) => {
    if (email === "") return "Give an address.";
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? undefined : "An address looks like ada@example.com.";
  },
  password: (password) => {
    if (password === "") return "Choose a password.";
    const missing = PASSWORD_CHARS_MIN - password.length;
    if (missing > 0) return missing === 1 ? "One character more." : `${missing} characters more.`;
    return new Set(password).size < 4 ? "Use more different characters." : undefined;
  },
  repeat: (repeat, form) => {
    if (repeat === "") return "Type the password again.";
    return repeat === form.get("password") ? undefined : "That is another password.";
  },
};

/** What is wrong with a form. Spaces around a value do not count, but for passwords. */
export function messagesFor(form: Form): Messages {
  const entries = FIELDS.map((field) => {
    const value = form.get(field) ?? "";
    const isSecret = field === "password" || field === "repeat";
    return [field, CHECKS[field](isSecret ? value : value.trim(), form)] as const;
  });
  return Object.fromEntries(entries.filter(([, message]) => message !== undefined));
}
