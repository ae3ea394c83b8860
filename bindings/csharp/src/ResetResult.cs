using System;

namespace WhopLicense
{
    /// <summary>What became of a reset. Plain data: it outlives the client.</summary>
    /// <remarks>
    /// After one that was cut off half-way (<see cref="WhopStatus.NoAnswer"/>), <see cref="LicenseAnswer.Json"/> is the
    /// membership as it was before: see <see cref="WhopClient.ResetLicense"/>.
    /// </remarks>
    public sealed class ResetResult : LicenseAnswer
    {
        /// <summary>Copies what a native call handed over, and frees it; no API is a relay.</summary>
        internal ResetResult(int status, IntPtr response, WhopApi? api)
            : base(status, response, api)
        {
        }

        /// <summary>The result of a reset that was refused before it reached the native library.</summary>
        internal ResetResult(WhopException refused)
            : base(refused)
        {
        }

        /// <summary>
        /// True: the device is free, or was before. False: <see cref="WhopStatus.LicenseNotFound"/>, or after
        /// <see cref="WhopClient.TryResetLicense"/> what else <see cref="LicenseAnswer.Status"/> says.
        /// </summary>
        public bool IsFree => Status == WhopStatus.Ok;

        /// <summary>The name of the status and the message; nothing of the license or its buyer.</summary>
        public override string ToString() => Status.Name() + ": " + Message;

        /// <summary>Itself if it is known whether the device is free.</summary>
        /// <exception cref="WhopException">It is not.</exception>
        internal ResetResult OrThrow() => Status.Verdict() == WhopVerdict.Undetermined ? throw ToException() : this;
    }
}
