import { stimulate } from "edge-reflex/client";

declare const button: HTMLButtonElement;
declare const target: string;

void stimulate(target, button, { resolveLate: true }, 1, "two");
void stimulate("Anything#goes", 1, { two: 2 });
void stimulate("Anything#goes", button);

// @ts-expect-error: a target is text
void stimulate(button);
