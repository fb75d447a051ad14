/** Where an agent writes: a message to the customer or a note to colleagues, with ready replies behind `/`. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Call, callAt, fillIn, findCanned } from "../canned";
import type { Conversation } from "../conversation";
import type { Canned } from "../protocol";
import { counted, t } from "../words";
import { useParts } from "./context";
import { IconButton } from "./parts";
import { customerName } from "./queue";

export function Composer({ conversation }: { readonly conversation: Conversation }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const canned = useCanned(conversation, field);
  const isNote = conversation.isNoteDraft.value;
  const customer = customerName(conversation.item.value);

  const keyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (canned.handle(event)) return event.preventDefault();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    conversation.sendDraft();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    conversation.sendDraft();
    field.current?.focus();
  };
  return (
    <form class={`composer ${isNote ? "is-note" : ""}`} onSubmit={submit}>
      <Suggestions conversation={conversation} field={field} />
      {canned.list}
      <textarea
        ref={field}
        rows={2}
        data-composer={conversation.id}
        value={conversation.draft.value}
        aria-label={isNote ? t("composer.note") : t("composer.message", { customer })}
        placeholder={t(isNote ? "composer.placeholder_note" : "composer.placeholder")}
        aria-autocomplete="list"
        aria-controls={canned.isOpen ? canned.listId : undefined}
        aria-activedescendant={canned.activeId}
        onInput={(event) => { conversation.setDraft(event.currentTarget.value); canned.look(); }}
        onClick={canned.look}
        onFocus={canned.look}
        onKeyUp={canned.keyUp}
        onBlur={canned.close}
        onKeyDown={keyDown}
      />
      <div class="line">
        <div class="modes" role="group" aria-label={t("composer.mode")}>
          <button type="button" class="toggle" aria-pressed={!isNote} onClick={() => switchMode(conversation, false, field.current)}>{t("composer.to_message")}</button>
          <button type="button" class="toggle note-toggle" aria-pressed={isNote} onClick={() => switchMode(conversation, true, field.current)}>{t("composer.to_note")}</button>
        </div>
        {!isNote && <PhotoButton conversation={conversation} />}
        <button type="submit" class="button primary send">{t(isNote ? "composer.save_note" : "composer.send")}</button>
      </div>
    </form>
  );
}

function switchMode(conversation: Conversation, isNote: boolean, field: HTMLTextAreaElement | null): void {
  conversation.isNoteDraft.value = isNote;
  field?.focus();
}

function PhotoButton({ conversation }: { readonly conversation: Conversation }) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = () => {
    for (const file of input.current?.files ?? []) conversation.sendPhoto(file);
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <input ref={input} type="file" accept="image/*" hidden onChange={chosen} />
      <IconButton icon="photo" name={t("composer.photo")} onClick={() => input.current?.click()} />
    </>
  );
}

/** Replies that the card suggests while the customer waits; pressing one puts it into the field, no more. */
function Suggestions({ conversation, field }: { readonly conversation: Conversation; readonly field: { readonly current: HTMLTextAreaElement | null } }) {
  const card = conversation.card.value;
  const isShown = !conversation.draft.value && !conversation.isNoteDraft.value && conversation.waitingSince.value;
  if (!card || card === "failed" || !card.replies.length || !isShown) return null;
  const use = (text: string) => {
    conversation.setDraft(text);
    field.current?.focus();
  };
  return (
    <div class="suggestions" role="group" aria-label={t("composer.suggestions")}>
      {card.replies.map((reply) => (
        <button key={reply.text} type="button" class="suggestion" lang={reply.language} onClick={() => use(reply.text)}>
          <span class="hidden">{t("composer.suggested")}: </span>
          <span class="clamp">{reply.text}</span>
        </button>
      ))}
    </div>
  );
}

interface FieldRef {
  readonly current: HTMLTextAreaElement | null;
}

/** The list of ready replies: opens behind a `/`, moves with the arrows, fills in with Enter or Tab. */
function useCanned(conversation: Conversation, field: FieldRef) {
  const { api } = useParts();
  const items = useSignal<readonly Canned[] | null>(null);
  const call = useSignal<Call | null>(null);
  const index = useSignal(0);
  const language = conversation.item.value.language ?? "nl";
  const isOpen = call.value !== null && items.value !== null;
  const found = isOpen ? findCanned(items.value ?? [], call.value?.query ?? "") : [];
  const listId = `canned-${conversation.id}`;

  useEffect(() => {
    items.value = null;
  }, [conversation, language]);

  const look = () => {
    const { value = "", selectionStart = 0, selectionEnd = 0 } = field.current ?? {};
    const next = selectionStart === selectionEnd ? callAt(value, selectionStart) : null;
    if (next?.query !== call.value?.query) index.value = 0;
    call.value = next;
    if (next && items.value === null) {
      api.listCanned(conversation.id, language).then((answer) => { items.value = answer.items; }, () => undefined);
    }
  };
  const close = () => {
    call.value = null;
  };
  const choose = (item: Canned) => {
    if (!call.value || !field.current) return;
    const filled = fillIn(field.current.value, call.value, item.text);
    conversation.setDraft(filled.text);
    close();
    field.current.value = filled.text;
    field.current.focus();
    field.current.setSelectionRange(filled.caret, filled.caret);
  };
  const handle = (event: KeyboardEvent): boolean => {
    if (!isOpen) return false;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
      return true;
    }
    if (!found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) index.value = (index.value + step + found.length) % found.length;
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") choose(found[index.value] ?? (found[0] as Canned));
    else return false;
    return true;
  };
  const keyUp = (event: KeyboardEvent) => {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) look();
  };
  const list = <CannedList id={listId} isOpen={isOpen} found={found} index={index.value} choose={choose} />;
  const activeId = isOpen && found.length ? `${listId}-${index.value}` : undefined;
  return { look, close, handle, keyUp, list, isOpen, listId, activeId };
}

function CannedList(props: {
  readonly id: string;
  readonly isOpen: boolean;
  readonly found: readonly Canned[];
  readonly index: number;
  readonly choose: (item: Canned) => void;
}) {
  const active = useRef<HTMLLIElement>(null);
  useEffect(() => active.current?.scrollIntoView({ block: "nearest" }), [props.index]);
  const told = props.found.length ? counted("composer.canned_found", props.found.length) : t("composer.canned_none");
  return (
    <>
      <p class="hidden" role="status">{props.isOpen ? told : ""}</p>
      {props.isOpen && !props.found.length && <p class="canned-none quiet">{t("composer.canned_none")}</p>}
      {props.isOpen && props.found.length > 0 && (
        <ul id={props.id} class="canned" role="listbox" aria-label={t("composer.canned")}>
          {props.found.map((item, at) => (
            <li key={item.shortcut} id={`${props.id}-${at}`} ref={at === props.index ? active : null} role="option" aria-selected={at === props.index}
              onMouseDown={(event) => { event.preventDefault(); props.choose(item); }}>
              <span class="canned-top"><strong>{item.title}</strong> <code>/{item.shortcut}</code></span>
              <span class="clamp quiet">{item.text}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
