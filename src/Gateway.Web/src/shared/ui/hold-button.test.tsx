import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HoldButton, holdMs } from "@/shared/ui/hold-button";

const confirmed = vi.fn();
const show = (disabled = false) => <HoldButton label="EXIT 2" testId="b" word="EXIT" disabled={disabled} onConfirm={confirmed} />;
const wait = (ms: number): void => {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
};

beforeEach(() => {
  vi.useFakeTimers();
  // The document of these tests has no pointers to hold on to.
  HTMLElement.prototype.setPointerCapture = () => undefined;
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  confirmed.mockReset();
});

it.each([
  ["a finger", (b: HTMLElement) => fireEvent.pointerDown(b, { button: 0 }), (b: HTMLElement) => fireEvent.pointerUp(b)],
  ["Enter", (b: HTMLElement) => fireEvent.keyDown(b, { key: "Enter" }), (b: HTMLElement) => fireEvent.keyUp(b, { key: "Enter" })],
  ["Space", (b: HTMLElement) => fireEvent.keyDown(b, { key: " " }), (b: HTMLElement) => fireEvent.keyUp(b, { key: " " })],
])("acts once when it is held by %s, and not before its time", (_, down, up) => {
  render(show());
  const button = screen.getByTestId("b");

  down(button);
  wait(holdMs - 1);
  up(button);
  wait(holdMs);
  expect(confirmed).not.toHaveBeenCalled();
  expect(screen.getByRole("status").textContent).toContain("Nothing was sent");

  down(button);
  wait(holdMs * 3);
  up(button);
  expect(confirmed).toHaveBeenCalledTimes(1);
});

it("does nothing for a click alone", () => {
  render(show());

  fireEvent.click(screen.getByTestId("b"));
  wait(holdMs * 2);

  expect(confirmed).not.toHaveBeenCalled();
});

it("lets go when what is confirmed goes away meanwhile", () => {
  const { rerender } = render(show());

  fireEvent.pointerDown(screen.getByTestId("b"), { button: 0 });
  wait(holdMs / 2);
  rerender(show(true));
  wait(holdMs);
  rerender(show(false));
  wait(holdMs * 2);

  expect(confirmed).not.toHaveBeenCalled();
});

it("wants to be held anew for another label", () => {
  const { rerender } = render(show());

  fireEvent.pointerDown(screen.getByTestId("b"), { button: 0 });
  wait(holdMs - 100);
  rerender(<HoldButton label="EXIT 3" testId="b" onConfirm={confirmed} />);
  wait(holdMs - 100);
  expect(confirmed).not.toHaveBeenCalled();
  wait(100);
  expect(confirmed).toHaveBeenCalledTimes(1);
});

it("lets go when the finger slides away, not when it trembles", () => {
  render(show());
  const button = screen.getByTestId("b");
  const press = (to: number): void => {
    fireEvent.pointerDown(button, { button: 0, clientX: 100, clientY: 100 });
    wait(100);
    fireEvent.pointerMove(button, { clientX: 100 + to, clientY: 100 });
    wait(holdMs);
    fireEvent.pointerUp(button);
  };

  press(90);
  expect(confirmed).not.toHaveBeenCalled();
  press(9);
  expect(confirmed).toHaveBeenCalledTimes(1);
});

it("takes the typed word instead, and no other", () => {
  render(show());
  const field = screen.getByTestId("b-word");
  const form = field.closest("form") ?? expect.fail("the word has a form");

  fireEvent.change(field, { target: { value: "EXI" } });
  fireEvent.submit(form);
  expect(confirmed).not.toHaveBeenCalled();

  fireEvent.change(field, { target: { value: " exit " } });
  fireEvent.submit(form);
  expect(confirmed).toHaveBeenCalledTimes(1);
});
