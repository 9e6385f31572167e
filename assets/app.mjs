// Starts the GOV.UK components that pages use. Every page works without it.
import { createAll, Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink } from "./govuk-frontend.min.js";

for (const component of [Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Warns five minutes before the session ends by itself, and lets one button put that off. Without this script the page says
// beforehand when it ends, and a form that is sent too late is kept.
const ends = document.querySelector("#session-ends");
if (ends) {
  const WARN_SECONDS = 300;
  const other = "BroadcastChannel" in window ? new BroadcastChannel("milepost-session") : undefined;
  const shows = (what) => ends.querySelectorAll("[data-when]").forEach((text) => (text.hidden = text.dataset.when !== what));
  const left = ends.querySelector("[data-left]");
  const stay = ends.querySelector("[data-stay]");
  let endsAt, canBeLater, dismissedUntil, timer;

  const open = () => {
    if (ends.open) return;
    ends.showModal();
    ends.querySelector("h2").focus();
  };
  const look = () => {
    const seconds = Math.round((endsAt - Date.now()) / 1000);
    const minutes = Math.max(1, Math.ceil(seconds / 60));
    const words = minutes === 1 ? "in less than a minute" : `in ${minutes} minutes`;
    if (seconds <= 0) {
      clearInterval(timer);
      ends.querySelector("h2").textContent = "You have been signed out";
      shows("over");
      stay.hidden = true;
      open();
    } else if (seconds <= WARN_SECONDS) {
      // Changed once a minute, so that a screen reader says it once a minute.
      if (left.textContent !== words) left.textContent = words;
      shows(canBeLater ? "soon" : "last");
      stay.hidden = !canBeLater;
      if (!(seconds > dismissedUntil)) open();
    } else if (ends.open) {
      ends.close();
    }
  };
  const begin = (seconds, later) => {
    endsAt = Date.now() + seconds * 1000;
    canBeLater = later;
    dismissedUntil = undefined;
    clearInterval(timer);
    timer = setInterval(look, 1000);
    look();
  };

  stay.addEventListener("click", async () => {
    const answer = await fetch("/account/stay").catch(() => undefined);
    if (!answer) return;
    // Somebody who is signed out is sent to the sign-in page.
    const said = answer.ok && !answer.redirected ? await answer.json() : { seconds: 0, canBeLater: false };
    begin(said.seconds, said.canBeLater);
    other?.postMessage(said);
  });
  // Closed without staying: it comes back a minute before the end.
  const dismiss = () => (dismissedUntil = 60);
  ends.addEventListener("cancel", dismiss);
  ends.querySelector("[data-close]").addEventListener("click", () => {
    dismiss();
    ends.close();
  });
  // Another page of this browser was opened or stayed: the session is theirs too.
  other?.addEventListener("message", (event) => begin(event.data.seconds, event.data.canBeLater));
  const first = { seconds: Number(ends.dataset.seconds), canBeLater: ends.dataset.canBeLater === "true" };
  other?.postMessage(first);
  begin(first.seconds, first.canBeLater);
}
