using System.CommandLine;

namespace Backup.Operator.Cli;

/// <summary><c>pbm tap</c>: the sessions with the exchange, seen and steered.</summary>
internal static class TapCommands
{
    internal static Command Tap(SharedOptions shared)
    {
        var status = new Command("status", "State, rate used, queue, last heartbeat and stream positions of each exchange session.");
        status.SetAction((parsed, stop) => Terminal.RunAsync(() => ClusterCommands.ShowTapAsync(shared.Data(parsed), shared.Json(parsed), stop)));
        return new Command("tap", "The sessions with the exchange.")
        {
            status,
            Steer(shared, "pause", "Hold back every order and cancel of a segment; they wait in the queue, reports still come in. Until resumed, or the node restarts."),
            Steer(shared, "resume", "Let the orders of a segment go again; a sign-on that was given up is tried at once."),
            KillSwitch(shared),
            Capture(shared),
            FrameCommands.Decode(),
            FrameCommands.Encode(),
        };
    }

    private static Command Steer(SharedOptions shared, string verb, string what)
    {
        var segment = SegmentArgument();
        var steer = new Command(verb, what) { segment };
        steer.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            using (var node = new NodeClient(shared.Data(parsed)))
            {
                await node.PostAsync($"/manage/tap/{parsed.GetValue(segment)}/{verb}", stop);
            }

            return await ClusterCommands.ShowTapAsync(shared.Data(parsed), shared.Json(parsed), stop);
        }));
        return steer;
    }

    private static Command KillSwitch(SharedOptions shared)
    {
        var segment = SegmentArgument();
        var kill = new Command(
            "kill-switch",
            "Hold back the orders of a segment and have the exchange take every open order of its user out of the book. Asks you to type a phrase first; afterwards: pbm tap resume.")
        { segment };
        kill.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            var name = parsed.GetValue(segment)!;
            Terminal.Confirm(
                $"Every open order of segment {name} at the exchange will be cancelled, for all clients. Orders in the queue stay and wait.", $"cancel all {name}");
            using var node = new NodeClient(shared.Data(parsed));
            var answer = await node.PostAsync($"/manage/tap/{name}/kill-switch", stop);
            Terminal.Line($"{Terminal.Text(answer["words"])} New orders are held back until: pbm tap resume {name}");
            return 0;
        }));
        return kill;
    }

    private static Command Capture(SharedOptions shared)
    {
        var segment = SegmentArgument();
        var file = new Option<string?>("--out") { Description = "Write to this file instead of the terminal." };
        var capture = new Command(
            "capture", "The last frames that a session said and heard, one JSON line each, secrets starred; pbm tap decode --file reads them.") { segment, file };
        capture.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            using var node = new NodeClient(shared.Data(parsed));
            var frames = (await node.GetAsync($"/manage/tap/{parsed.GetValue(segment)}/capture", stop)).AsArray();
            var lines = frames.Select(frame => frame!.ToJsonString());
            if (parsed.GetValue(file) is { } path)
            {
                await File.WriteAllLinesAsync(path, lines, stop);
                Terminal.Line($"{frames.Count} frames written to {path}. Read them with: pbm tap decode --file {path}");
                return 0;
            }

            foreach (var line in lines)
            {
                Terminal.Line(line);
            }

            return 0;
        }));
        return capture;
    }

    private static Argument<string> SegmentArgument()
    {
        var segment = new Argument<string>("SEGMENT") { Description = "cm or fo." };
        segment.AcceptOnlyFromAmong("cm", "fo");
        return segment;
    }
}
