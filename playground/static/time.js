// The workspace's own time, as the person who looks lives it: their zone and spelling, and a clock that may have been moved.
import { t } from "./words.js";

let zone;
let locale;
let ahead = 0;

export function live(scene) {
  const me = scene.people.find((person) => person.id === scene.me);
  [zone, locale] = [me.tz, me.locale];
  ahead = scene.now - Date.now() / 1000;
}

export function now() {
  return Date.now() / 1000 + ahead;
}

function said(seconds, style) {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, ...style }).format(new Date(seconds * 1000));
}

export const clock = (seconds) => said(seconds, { timeStyle: "short" });
export const moment = (seconds) => `${said(seconds, { weekday: "short", day: "numeric", month: "short" })} · ${clock(seconds)}`;

// The same for all moments of one day in that zone, and in order.
export function day(seconds) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(new Date(seconds * 1000));
}

export function dayName(seconds) {
  if (day(seconds) === day(now())) return t("today");
  if (day(seconds) === day(now() - 86400)) return t("yesterday");
  return said(seconds, { weekday: "long", day: "numeric", month: "long" });
}

// What Slack's own <!date^…> says.
export function written(seconds, style) {
  return said(seconds, style);
}
