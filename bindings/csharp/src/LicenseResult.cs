using System;

namespace WhopLicense
{
    /// <summary>What became of a license check. Plain data: it outlives the client.</summary>
    public sealed class LicenseResult : LicenseAnswer
    {
        /// <summary>Copies what a native call handed over, and frees it; no API is a relay.</summary>
        internal LicenseResult(int status, IntPtr response, WhopApi? api)
            : base(status, response, api) => Verdict = Status.Verdict();

        /// <summary>The result of a check that was refused before it reached the native library.</summary>
        internal LicenseResult(WhopException refused)
            : base(refused) => Verdict = Status.Verdict();

        /// <summary>What to do about the customer; <see cref="LicenseAnswer.Status"/> is the reason.</summary>
        public WhopVerdict Verdict { get; }

        /// <summary>
        /// Whether the yes is that of a lease which was stored earlier (<see cref="WhopClientOptions.LeaseFile"/>),
        /// because the relay gave no answer now. <see cref="LicenseAnswer.Message"/> says why, and until when it stands.
        /// </summary>
        public bool IsOffline => StandsOnLease;

        /// <summary>The verdict, the name of the status and the message; nothing of the license or its buyer.</summary>
        public override string ToString() => Verdict + ": " + Status.Name() + ": " + Message;

        /// <summary>Itself if it is a yes or a no.</summary>
        /// <exception cref="WhopException">It is neither.</exception>
        internal LicenseResult OrThrow() => Verdict == WhopVerdict.Undetermined ? throw ToException() : this;
    }
}
