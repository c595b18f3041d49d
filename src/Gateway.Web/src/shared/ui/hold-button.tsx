import { useEffect, useEffectEvent, useState, type KeyboardEvent, type PointerEvent, type SyntheticEvent } from "react";
import { strings } from "@/shared/strings";

interface Props {
  readonly label: string;
  /** A second line under the label. */
  readonly detail?: string;
  readonly testId: string;
  readonly disabled?: boolean;
  readonly className?: string;
  /** For who cannot hold: typing the word is the other way. Absent where one press more is no harm. */
  readonly word?: string;
  readonly onConfirm: () => void;
}

/** What holds the button down: a key, or a pointer that came down somewhere. */
type Press = "key" | { readonly x: number; readonly y: number };

export const holdMs = 1200;

/** A button that acts when it is held for a moment, by finger, mouse, Enter or Space; a tap or a click in passing does nothing. */
export function HoldButton({ label, detail, testId, disabled = false, className = "danger wide", word, onConfirm }: Props) {
  const [press, setPress] = useState<Press | null>(null);
  const [tooShort, setTooShort] = useState(false);
  // What is confirmed must stand still while it is: a preview that goes away ends the hold, and the next one wants a press of its own.
  if (disabled && press !== null) {
    setPress(null);
  }

  const holding = press !== null && !disabled;
  const confirm = useEffectEvent(onConfirm);
  useEffect(() => {
    if (!holding) {
      return;
    }

    const timer = setTimeout(() => {
      setPress(null);
      setTooShort(false);
      confirm();
    }, holdMs);
    return () => {
      clearTimeout(timer);
    };
    // Another label is another thing to confirm: it wants to be held for itself.
  }, [holding, label]);
  const begin = (how: Press): void => {
    setPress(how);
    setTooShort(true);
  };
  const end = (): void => {
    setPress(null);
  };

  return (
    <div className="hold-box">
      <button type="button" className={`hold ${className}`} data-testid={testId} data-holding={holding} disabled={disabled} {...heldBy(press, begin, end)}>
        {label}
        {detail === undefined ? null : <span className="for">{detail}</span>}
        {disabled ? null : <span className="for">{holding ? strings.hold.keep : strings.hold.how}</span>}
      </button>
      <p className="hint" role="status">
        {tooShort && press === null ? strings.hold.tooShort : ""}
      </p>
      {word === undefined ? null : <TypedWord word={word} label={label} testId={testId} disabled={disabled} onConfirm={onConfirm} />}
    </div>
  );
}

const isPress = (event: KeyboardEvent): boolean => event.key === "Enter" || event.key === " ";

/** How far a finger may slip before it counts as taken away, in px. */
const slipMax = 40;

/** The pointer is held on to, because the page may move under it while news come in; what ends the hold is the finger, not the page. */
function heldBy(press: Press | null, begin: (how: Press) => void, end: () => void) {
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) {
        event.currentTarget.setPointerCapture(event.pointerId);
        begin({ x: event.clientX, y: event.clientY });
      }
    },
    onPointerMove: (event: PointerEvent) => {
      if (press !== null && press !== "key" && Math.hypot(event.clientX - press.x, event.clientY - press.y) > slipMax) {
        end();
      }
    },
    onPointerUp: end,
    onPointerCancel: end,
    onBlur: end,
    onKeyDown: (event: KeyboardEvent) => {
      if (isPress(event)) {
        event.preventDefault();
        if (!event.repeat) {
          begin("key");
        }
      }
    },
    onKeyUp: (event: KeyboardEvent) => {
      if (isPress(event)) {
        event.preventDefault();
        end();
      }
    },
    // A long press on a phone would open its menu instead.
    onContextMenu: (event: SyntheticEvent) => {
      event.preventDefault();
    },
  };
}

function TypedWord({ word, label, testId, disabled, onConfirm }: Required<Pick<Props, "word" | "label" | "testId" | "disabled" | "onConfirm">>) {
  const [typed, setTyped] = useState("");
  const right = typed.trim().toUpperCase() === word;
  return (
    <details className="typed">
      <summary>{strings.hold.cannot}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (right && !disabled) {
            onConfirm();
          }
        }}
      >
        <label>
          {strings.hold.type(word)}
          <input
            data-testid={`${testId}-word`}
            value={typed}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            onChange={(event) => {
              setTyped(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="danger" disabled={!right || disabled}>
          {label}
        </button>
      </form>
    </details>
  );
}
