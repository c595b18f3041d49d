using System.CommandLine;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary><c>pbm prices</c>: the feeds that last prices come from.</summary>
internal static class PriceCommands
{
    internal static Command Prices(SharedOptions shared)
    {
        var prices = new Command("prices", "Whether each price feed is heard, what it received, and what of that was dropped or passed over.");
        prices.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(shared.Data(parsed), "/manage/prices", shared.Json(parsed), Print, stop)));
        return prices;
    }

    private static void Print(JsonNode feeds) => Terminal.Table(
        "Price feeds",
        ["feed", "source", "heard", "last heard", "shown", "old", "from the future", "datagrams", "malformed", "other segment", "late", "codes passed over"],
        feeds.AsArray().Select(feed =>
        {
            var (intake, received) = (feed!["intake"]!, feed["received"]);
            return new[]
            {
                Terminal.Text(feed["name"]), Terminal.Text(feed["source"]), Terminal.Text(feed["is_heard"]), Terminal.Text(feed["heard_at"]),
                Terminal.Text(intake["shown"]), Terminal.Text(intake["old"]), Terminal.Text(intake["ahead"]), Terminal.Text(received?["datagrams"]),
                Terminal.Text(received?["malformed"]), Terminal.Text(received?["other_segment"]), Terminal.Text(received?["late_packets"]),
                string.Join(' ', (received?["passed_over"]?.AsObject() ?? []).Select(code => $"{code.Key}:{Terminal.Text(code.Value)}")),
            };
        }));
}
