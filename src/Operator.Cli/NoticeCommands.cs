using System.CommandLine;
using System.Text.Json.Nodes;
using Backup.Actor.Kernel.Notices;

namespace Backup.Operator.Cli;

/// <summary><c>pbm notice show|backup|main-site-back</c>: what everybody is told about the main site.</summary>
internal static class NoticeCommands
{
    internal static Command Notice(SharedOptions shared)
    {
        var show = new Command("show", "What this node shows now, and the last ten notices with who set them and why.");
        show.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(shared.Data(parsed), "/manage/notice", shared.Json(parsed), Print, stop)));
        return new Command("notice", "What the page and GET /status say about the main site, on every node within 2 seconds. It informs; it blocks nothing.")
        {
            show, Backup(shared), MainSiteBack(shared),
        };
    }

    private static Command Backup(SharedOptions shared)
    {
        var since = new Option<string?>("--since")
        {
            Description = "Since when the main site is down: 2026-11-20T10:04:00+05:30, or a time of today in India (10:04). Left out, the page does not say since when.",
        };
        return Setting(shared, "backup", "The main site is down, or not to be used. Replaces the notice before it as a whole.", MainSiteState.Backup, since, null);
    }

    private static Command MainSiteBack(SharedOptions shared)
    {
        var address = new Option<string?>("--address") { Description = "Where the main site is, https only: the page leads there." };
        return Setting(
            shared, "main-site-back", "The main site is back, and people may go there. Exits and orders that run here go on.", MainSiteState.MainSiteBack, null, address);
    }

    private static Command Setting(SharedOptions shared, string name, string about, MainSiteState state, Option<string?>? since, Option<string?>? address)
    {
        var text = new Option<string?>("--text") { Description = $"A sentence of your own for the page, at most {NoticeRules.TextMax} characters." };
        var by = new Option<string>("--by") { Description = "Who sets it; kept with it.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why; kept with it, and not shown to clients.", Required = true };
        var command = new Command(name, about) { text, by, reason };
        foreach (var option in new[] { since, address }.OfType<Option<string?>>())
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var now = DateTimeOffset.UtcNow;
            var notice = new MainSiteNotice(
                state, since is not null && parsed.GetValue(since) is { } typed ? ReplayTime.Parse("--since", typed, now) : null,
                address is null ? null : parsed.GetValue(address), parsed.GetValue(text), parsed.GetValue(by)!, parsed.GetValue(reason)!, now);
            if (NoticeRules.FindFault(notice) is { } fault)
            {
                throw new CommandFailedException($"--{fault}");
            }

            var body = new JsonObject
            {
                ["by"] = notice.By,
                ["reason"] = notice.Reason,
                ["since"] = notice.DownSince,
                ["address"] = notice.Address,
                ["text"] = notice.Text,
            };
            return NodeClient.ShowAsync(shared.Data(parsed), $"/manage/notice/{name}", shared.Json(parsed), set => PrintTable([set]), stop, body);
        }));
        return command;
    }

    private static void Print(JsonNode notices)
    {
        Terminal.Line(notices["shown"] is { } shown
            ? $"  shown here: {Terminal.Text(shown["state"])}, set by {Terminal.Text(shown["by"])}"
            : "  shown here: backup, and nothing of the main site: nobody has set a notice that this node has read");
        if (notices["trouble"] is { } trouble)
        {
            Terminal.Line($"  the notices cannot be read, and what is shown stays: {Terminal.Text(trouble)}");
            return;
        }

        PrintTable(notices["newest"]!.AsArray());
    }

    private static void PrintTable(IEnumerable<JsonNode?> notices) => Terminal.Table(
        null,
        ["set at", "state", "main site down since", "address", "text", "by", "reason"],
        notices.Select(notice => new[]
        {
            TimeOf(notice!["set_at"]), Terminal.Text(notice["state"]), TimeOf(notice["down_since"]), Terminal.Text(notice["main_site_address"]),
            Terminal.Text(notice["text"]), Terminal.Text(notice["by"]), Terminal.Text(notice["reason"]),
        }));

    private static string TimeOf(JsonNode? time) => time is null ? "-" : JournalCommands.IndiaTime(time.GetValue<DateTimeOffset>())[..19];
}
