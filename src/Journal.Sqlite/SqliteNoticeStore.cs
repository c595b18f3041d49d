using Backup.Actor.Kernel.Notices;

namespace Backup.Journal.Sqlite;

/// <summary>Notices as rows of the node's own file; times are Unix milliseconds.</summary>
public sealed class SqliteNoticeStore(LoginFile file) : INoticeStore
{
    private const string Columns = "state, down_since, address, words, set_by, reason, set_at";

    public async ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await file.UseAsync(
            connection =>
            {
                using var command = LoginFile.Command(
                    connection, $"insert into main_site_notice ({Columns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    notice.State.ToString(), (object?)notice.DownSince?.ToUnixTimeMilliseconds() ?? DBNull.Value, (object?)notice.Address ?? DBNull.Value,
                    (object?)notice.Text ?? DBNull.Value, notice.By, notice.Reason, notice.SetAt.ToUnixTimeMilliseconds());
                return command.ExecuteNonQuery();
            },
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken) => file.UseAsync<IReadOnlyList<MainSiteNotice>>(
        connection =>
        {
            using var command = LoginFile.Command(connection, $"select {Columns} from main_site_notice order by number desc limit ?1", max);
            using var row = command.ExecuteReader();
            var notices = new List<MainSiteNotice>();
            while (row.Read())
            {
                notices.Add(new MainSiteNotice(
                    Enum.Parse<MainSiteState>(row.GetString(0)), row.IsDBNull(1) ? null : Time(row.GetInt64(1)), row.IsDBNull(2) ? null : row.GetString(2),
                    row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5), Time(row.GetInt64(6))));
            }

            return notices;
        },
        cancellationToken);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
