using System.CommandLine;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli;

/// <summary><c>pbm staff add|list|disable|enable|password|remove-authenticator</c>: the broker's own people who log in to the gateway.</summary>
internal static class StaffCommands
{
    internal static Command Staff(SharedOptions shared)
    {
        var list = new Command("list", "Everybody who was ever added, with his role.");
        list.SetAction((parsed, stop) => Terminal.RunAsync(() => NodeClient.ShowAsync(shared.Data(parsed), "/manage/staff", shared.Json(parsed), Print, stop)));
        return new Command("staff", "The broker's own people: assisted desk, operators, approvers, auditors.")
        {
            list,
            Add(shared),
            Password(shared),
            Switch(shared, "disable", "He logs in no more, and his sessions end. He stays listed: his name is never given to somebody else."),
            Switch(shared, "enable", "He may log in again."),
            RemoveAuthenticator(shared),
        };
    }

    private static Command Add(SharedOptions shared)
    {
        var name = Name();
        var role = new Option<string>("--role") { Description = "What he may do: docs/roles.md.", Required = true };
        role.AcceptOnlyFromAmong("assisted-desk", "operator", "approver", "auditor");
        var add = new Command("add", "Adds somebody. His password is asked for, or read from standard input: at least 15 characters, of any kind.") { name, role };
        add.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var named = parsed.GetValue(name)!;
            return NodeClient.DoAsync(
                shared.Data(parsed), "/manage/staff",
                () => new JsonObject { ["name"] = named, ["role"] = parsed.GetValue(role), ["password"] = Secret.Read($"Password of {named}: ") },
                $"{named} may log in as {parsed.GetValue(role)}.", stop);
        }));
        return add;
    }

    private static Command Password(SharedOptions shared)
    {
        var name = Name();
        var password = new Command("password", "Gives him another password, asked for or read from standard input; his sessions end.") { name };
        password.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var named = parsed.GetValue(name)!;
            return NodeClient.DoAsync(
                shared.Data(parsed), PathOf(named, "password"), () => new JsonObject { ["password"] = Secret.Read($"New password of {named}: ") },
                $"{named} has a new password, and is logged out everywhere.", stop);
        }));
        return password;
    }

    private static Command Switch(SharedOptions shared, string verb, string about)
    {
        var name = Name();
        var command = new Command(verb, about) { name };
        command.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var named = parsed.GetValue(name)!;
            return NodeClient.DoAsync(shared.Data(parsed), PathOf(named, verb), null, $"{named} is {verb}d.", stop);
        }));
        return command;
    }

    private static Command RemoveAuthenticator(SharedOptions shared)
    {
        var name = Name();
        var by = new Option<string>("--by") { Description = "Who does it.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, and how he has proven who he is.", Required = true };
        var remove = new Command("remove-authenticator", "For somebody who has lost the telephone with his authenticator app: his password alone lets him in again.") { name, by, reason };
        remove.SetAction((parsed, stop) => Terminal.RunAsync(() =>
        {
            var named = parsed.GetValue(name)!;
            return NodeClient.DoAsync(
                shared.Data(parsed), PathOf(named, "authenticator/remove"), () => new JsonObject { ["by"] = parsed.GetValue(by), ["reason"] = parsed.GetValue(reason) },
                $"{named} has no authenticator any more.", stop);
        }));
        return remove;
    }

    private static string PathOf(string name, string what) => $"/manage/staff/{Uri.EscapeDataString(name)}/{what}";

    private static Argument<string> Name() => new("NAME") { Description = "2 to 31 letters a to z, digits, . _ or -." };

    private static void Print(JsonNode shown) => Terminal.Table(null, ["name", "role", "since", "disabled"], shown.AsArray().Select(member => new[]
    {
        Terminal.Text(member!["name"]), Terminal.Text(member["role"]), Terminal.Text(member["since"]), (bool)member["disabled"]! ? "yes" : "",
    }));
}
