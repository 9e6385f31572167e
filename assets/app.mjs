// Starts the GOV.UK components that pages use. Every page works without it.
import { createAll, Button, CharacterCount, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, SkipLink } from "./govuk-frontend.min.js";

for (const component of [Button, CharacterCount, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, SkipLink]) {
  createAll(component);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
