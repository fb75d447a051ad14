/** Dutch or English: the language of the desk itself. */

import { setLanguage } from "../settings";
import { LANGUAGES, language, t } from "../words";

const NAMES = { nl: "Nederlands", en: "English" } as const;

export function LanguageSwitch() {
  return (
    <div class="language-switch" role="group" aria-label={t("general.language")}>
      {LANGUAGES.map((each) => (
        <button key={each} type="button" class="toggle" lang={each} aria-pressed={language.value === each} onClick={() => setLanguage(each)}>
          {NAMES[each]}
        </button>
      ))}
    </div>
  );
}
