using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>What the server's error codes prove about an append.</summary>
internal static class SqlStates
{
    /// <summary>
    /// The server itself said so, and rolled back: serialization failure, deadlock, out of disk, memory or connections, lock not
    /// available, not accepting yet, read-only. Everything else is treated as unknown, which reading back settles.
    /// </summary>
    internal static bool IsCertainlyNotStored(PostgresException said) => said.InvariantSeverity == "ERROR" && said.SqlState switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.ReadOnlySqlTransaction => true,
        var other => other.StartsWith("53", StringComparison.Ordinal),
    };

    /// <summary>No partition for the day of a record. A violated check of ours names its constraint; this does not.</summary>
    internal static bool IsMissingPartition(PostgresException said) =>
        said.SqlState == PostgresErrorCodes.CheckViolation && said.ConstraintName is null;
}
