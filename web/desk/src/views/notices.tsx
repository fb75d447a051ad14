/** Short sentences about what was done or could not be: they go by themselves, problems only when dismissed. */

import { useEffect } from "preact/hooks";
import type { Notice } from "../notices";
import { t } from "../words";
import { useParts } from "./context";
import { IconButton } from "./parts";

const SHOWN_MS = 6_000;

export function Notices() {
  const { desk } = useParts();
  return (
    <div class="notices" role="region" aria-label={t("general.notices")} aria-live="polite">
      {desk.notices.all.value.map((notice) => <NoticeView key={notice.id} notice={notice} />)}
    </div>
  );
}

function NoticeView({ notice }: { readonly notice: Notice }) {
  const { desk } = useParts();
  useEffect(() => {
    if (notice.isProblem) return undefined;
    const timer = setTimeout(() => desk.notices.dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice.id]);
  return (
    <div class={`notice ${notice.isProblem ? "wrong" : ""}`}>
      <p>{t(notice.key, notice.facts)}</p>
      <IconButton icon="close" name={t("general.dismiss")} onClick={() => desk.notices.dismiss(notice.id)} />
    </div>
  );
}
