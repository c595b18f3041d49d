using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Backup.Continuity.Import;
using Backup.Continuity.ReferenceData;
using Spectre.Console;

namespace Backup.Operator.Cli;

/// <summary><c>pbm data import</c> and <c>pbm data show</c>: the beginning of the day.</summary>
internal static class DataCommands
{
    internal static Command Data(SharedOptions shared) => new("data", "The day's files: instruments, closes, freeze quantities, clients, positions.")
    {
        Import(shared), Show(shared),
    };

    private static Command Import(SharedOptions shared)
    {
        var from = new Option<string?>("--from") { Description = "A folder with the day's files under their usual names." };
        var instruments = new Option<string[]>("--instruments") { Description = "Kite's instruments.csv; may be given more than once." };
        var bhavcopies = new Option<string[]>("--bhavcopy") { Description = "Bhavcopy, NSE report form or UDiFF; may be given more than once." };
        var freeze = new Option<string?>("--freeze") { Description = "qtyfreeze.csv." };
        var positions = new Option<string[]>("--positions") { Description = "Clearing positions, UDiFF Position_NCL_FO; may be given more than once." };
        var mainOrders = new Option<string?>("--main-orders") { Description = "Orders that the main site left at the exchange." };
        var cash = new Option<string?>("--cash-positions") { Description = "Cash and intraday positions of the main system." };
        var clients = new Option<string?>("--clients") { Description = "Client master." };
        var date = new Option<string?>("--business-date") { Description = "yyyy-mm-dd; needed only when no clearing position file says it." };
        var allow = new Option<int>("--allow-bad-rows") { Description = "Land the import without its bad rows, if there are at most this many." };
        var command = new Command("import", "Reads the day's files into the data folder: all of it lands, or nothing does. A running node takes it at its next start.")
        {
            from, instruments, bhavcopies, freeze, positions, cash, mainOrders, clients, date, allow,
        };
        command.SetAction((parsed, stop) => Terminal.RunAsync(async () =>
        {
            var files = parsed.GetValue(from) is { } folder
                ? ImportRequest.FromFolder(folder)
                : new ImportRequest
                {
                    InstrumentMasters = parsed.GetValue(instruments) is { Length: > 0 } masters ? masters : throw new CommandFailedException("give --from FOLDER, or at least --instruments and --clients"),
                    Bhavcopies = parsed.GetValue(bhavcopies) ?? [],
                    FreezeQuantities = parsed.GetValue(freeze),
                    ClearingPositions = parsed.GetValue(positions) ?? [],
                    CashPositions = parsed.GetValue(cash),
                    MainOrders = parsed.GetValue(mainOrders),
                    Clients = parsed.GetValue(clients) ?? throw new CommandFailedException("--clients is missing"),
                };
            if (parsed.GetValue(date) is { } day)
            {
                files = files with
                {
                    BusinessDate = DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var business)
                        ? business
                        : throw new CommandFailedException($"--business-date: found \"{day}\", expected yyyy-mm-dd"),
                };
            }

            return await RunAsync(files, shared.Data(parsed), parsed.GetValue(allow), shared.Json(parsed), stop);
        }));
        return command;
    }

    private static async Task<int> RunAsync(ImportRequest files, string data, int allowBadRows, bool json, CancellationToken stop)
    {
        Directory.CreateDirectory(data);
        var result = json || Console.IsOutputRedirected
            ? await ReferenceImport.RunAsync(files, data, allowBadRows, null, TimeProvider.System, stop)
            : await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn()).StartAsync(async bar =>
            {
                var task = bar.AddTask("importing");
                return await ReferenceImport.RunAsync(files, data, allowBadRows, new Bar(task), TimeProvider.System, stop);
            });
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                business_date = result.BusinessDate,
                dataset_hash = result.DatasetHash,
                instruments = result.Instruments,
                clients = result.Clients,
                positions = result.Positions,
                main_orders = result.MainOrders,
                files = result.Files,
                bad_rows = result.BadRows.Select(row => row.ToString()),
            }));
            return 0;
        }

        Terminal.Table("Imported", ["file", "is", "rows", "taken", "skipped", "refused", "sha-256"], result.Files.Select(file => new[]
        {
            file.Name, file.Role.ToString(), Count(file.Rows), Count(file.Accepted), Count(file.Skipped), Count(file.Refused), file.Sha256[..12],
        }));
        result.BadRows.ToList().ForEach(row => Terminal.Line($"  left out: {row}"));
        Terminal.Line($"{Count(result.Instruments)} instruments, {Count(result.Clients)} clients, {Count(result.Positions)} positions, {Count(result.MainOrders)} orders of the main site of {result.BusinessDate:yyyy-MM-dd} stand in {result.Path}");
        return 0;
    }

    private static Command Show(SharedOptions shared)
    {
        var show = new Command("show", "What dataset stands in the data folder, and from which files it was made.");
        show.SetAction((parsed, _) => Terminal.RunAsync(() =>
        {
            var dataset = ReferenceDataset.Load(shared.Data(parsed));
            Terminal.Table(null, ["file", "is", "rows", "taken", "skipped", "refused", "sha-256"], dataset.Sources.Select(file => new[]
            {
                file.Name, file.Role, Count(file.Rows), Count(file.Accepted), Count(file.Skipped), Count(file.Refused), file.Sha256[..12],
            }));
            Terminal.Line($"positions of {dataset.BusinessDate:yyyy-MM-dd}: {Count(dataset.Instruments.Count)} instruments, {Count(dataset.Clients.Count)} clients, {Count(dataset.Positions.Count)} positions, {Count(dataset.MainOrders.Count)} orders of the main site; dataset {dataset.DatasetHash}");
            return Task.FromResult(0);
        }));
        return show;
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class Bar(ProgressTask task) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            task.MaxValue = Math.Max(1, value.BytesTotal);
            task.Value = value.BytesRead;
            task.Description = Markup.Escape($"{Path.GetFileName(value.File)} {value.FileRows.ToString("N0", CultureInfo.InvariantCulture)} rows{(value.BadRows > 0 ? $", {value.BadRows} bad" : "")}");
        }
    }
}
