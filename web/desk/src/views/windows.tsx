/** The window that is open, if any. */

import { openWindow } from "../ui";
import { t } from "../words";
import { HelpDialog } from "./help";
import { OrderDialog } from "./orders";
import { Dialog } from "./parts";
import { ResolveDialog, ReturnDialog, SnoozeDialog, TakeOverDialog, TransferDialog } from "./steps";

export function Windows() {
  const open = openWindow.value;
  switch (open?.kind) {
    case "help":
      return <HelpDialog />;
    case "transfer":
      return <TransferDialog conversation={open.conversation} />;
    case "snooze":
      return <SnoozeDialog conversation={open.conversation} />;
    case "resolve":
      return <ResolveDialog conversation={open.conversation} />;
    case "return":
      return <ReturnDialog conversation={open.conversation} />;
    case "take_over":
      return <TakeOverDialog item={open.item} />;
    case "order":
      return <OrderDialog {...open} />;
    case "photo":
      return (
        <Dialog title={t("thread.photo_own")} class="viewer" onClose={() => { openWindow.value = null; }}>
          <img src={open.address} alt={t("thread.photo")} />
        </Dialog>
      );
    default:
      return null;
  }
}
