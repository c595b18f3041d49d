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

  expect(confirmed).not.toHaveBeenCalled();
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
