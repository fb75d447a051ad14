/** The switch by which somebody lets the shop use what they look at for tips. */

import { find, say } from "./page";
import type { Signals } from "./signals";

export function offerTips(signals: Signals): void {
  const field = find<HTMLInputElement>(".tips input");
  const note = find(".tips .note");
  field.checked = signals.isAgreed;
  field.addEventListener("change", () => {
    signals.agree(field.checked);
    note.textContent = "";
  });
  signals.onHeard((isWanted) => {
    note.textContent = isWanted ? "" : say("tips_refused");
  });
}
