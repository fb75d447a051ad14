/** All keys, from the table that the keyboard obeys. */

import { singleKeys } from "../settings";
import { COMMANDS } from "../shortcuts";
import { openWindow } from "../ui";
import { t } from "../words";
import { Dialog } from "./parts";

const SECTIONS = ["queue", "conversation", "moving"] as const;

export function HelpDialog() {
  return (
    <Dialog title={t("dialogs.help_title")} class="help" onClose={() => { openWindow.value = null; }}>
      {!singleKeys.value && <p class="banner">{t("dialogs.help_off")}</p>}
      <div class="help-columns">
        {SECTIONS.map((section) => (
          <section key={section}>
            <h3>{t(`keys.section_${section}`)}</h3>
            <dl class="keys">
              {COMMANDS.filter((each) => each.section === section).map(({ command, keys }) => (
                <div key={command}><dt><Keys keys={keys} /></dt><dd>{t(`keys.${command}`)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("keys.section_field")}</h3>
          <dl class="keys">
            <div><dt><kbd>Enter</kbd></dt><dd>{t("keys.send")}</dd></div>
            <div><dt><kbd>Shift</kbd> <kbd>Enter</kbd></dt><dd>{t("keys.line")}</dd></div>
            <div><dt><kbd>/</kbd></dt><dd>{t("keys.canned")}</dd></div>
          </dl>
        </section>
      </div>
    </Dialog>
  );
}

function Keys({ keys }: { readonly keys: readonly string[] }) {
  const [first, last] = [keys[0], keys.at(-1)];
  if (keys.length === 1) return <kbd>{first === "Escape" ? "Esc" : first}</kbd>;
  return <><kbd>{first}</kbd> – <kbd>{last}</kbd></>;
}
