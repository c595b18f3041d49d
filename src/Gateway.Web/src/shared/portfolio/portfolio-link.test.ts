import { expect, test, vi } from "vitest";
import { ApiError } from "@/shared/api/http";
import { fetchOrders, fetchPositions } from "@/shared/api/requests";
import { startPortfolioLink } from "@/shared/portfolio/portfolio-link";
import { linkStore, noLink, portfolioStore } from "@/shared/portfolio/portfolio-store";
import { emptyPortfolio } from "@/shared/portfolio/portfolio";

vi.mock("@/shared/api/requests");

const settle = (): Promise<void> =>
  new Promise((done) => {
    setTimeout(done);
  });

test("what was still asked of an account that is closed says nothing of the next one", async () => {
  vi.mocked(fetchOrders).mockResolvedValue([]);
  for (const end of ["answer", "fail"] as const) {
    let finish = (): void => undefined;
    vi.mocked(fetchPositions).mockImplementationOnce(
      () =>
        new Promise((answer, fail) => {
          finish = () => {
            if (end === "answer") {
              answer([]);
            } else {
              fail(new ApiError("", "NetworkException", 0));
            }
          };
        }),
    );
    const stop = startPortfolioLink(true);
    expect(linkStore.get().hub).toBe("none");
    stop();
    finish();
    await settle();
    expect(linkStore.get()).toEqual(noLink);
    expect(portfolioStore.get()).toBe(emptyPortfolio);
  }

  expect(fetchPositions).toHaveBeenCalledTimes(2);
});
