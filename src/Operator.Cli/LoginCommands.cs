using System.CommandLine;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary><c>pbm token-key show|rotate</c> and <c>pbm client remove-authenticator</c>.</summary>
internal static class LoginCommands
{
    internal static Command TokenKey(SharedOptions shared)
    {
        var show = new Command("show", "The keys of a node's access tokens: which signs, and from when on a newer one will.");
        show.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(shared.Data(parsed), "/manage/token-keys", shared.Json(parsed), Print, stop)));
        var after = new Option<int>("--sign-after")
        {
            Description = "Seconds until the new key signs: time to copy the file to the other nodes. They reread it while they run.",
            DefaultValueFactory = _ => 600,
        };
        var rotate = new Command(
            "rotate", "Adds a key that signs after a while. Nobody is logged out: the old one verifies until its last session is over, and is left out by a later rotation.") { after };
        rotate.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(
            shared.Data(parsed), "/manage/token-keys/rotate", shared.Json(parsed), Print, stop, new JsonObject { ["sign_after_seconds"] = parsed.GetValue(after) })));
        return new Command("token-key", "The keys that sign access tokens.") { show, rotate };
    }

    internal static Command Client(SharedOptions shared)
    {
        var client = new Argument<string>("CLIENT") { Description = "Client id, such as DEMO01." };
        var by = new Option<string>("--by") { Description = "Who does it.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, and how the client has proven who he is.", Required = true };
        var remove = new Command("remove-authenticator", "For a client who has lost the telephone with his authenticator app: he logs in by the code that is sent again.") { client, by, reason };
        remove.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var name = parsed.GetValue(client)!.ToUpperInvariant();
            Terminal.Confirm($"{name} then logs in without the app, and so does whoever reads his SMS or e-mail.", $"remove {name}");
            return NodeClient.DoAsync(
                shared.Data(parsed), $"/manage/clients/{Uri.EscapeDataString(name)}/authenticator/remove",
                () => new JsonObject { ["by"] = parsed.GetValue(by), ["reason"] = parsed.GetValue(reason) }, $"{name} has no authenticator any more.", stop);
        }));
        return new Command("client", "Clients and how they log in.") { remove };
    }

    private static void Print(JsonNode shown)
    {
        Terminal.Table(null, ["key", "signs from", "signs now"], shown["keys"]!.AsArray().Select(key => new[]
        {
            Terminal.Text(key!["id"]), key["signs_from"] is null ? "always" : Terminal.Text(key["signs_from"]), (bool)key["signs"]! ? "yes" : "",
        }));
        Terminal.Line($"  in {Terminal.Text(shown["file"])}; every node of the cluster needs the same file");
    }
}
