import Glibc
import OperatingSystem
import ProxyCore
import TextSafety
import WorkerDomain
import WorkerProject

/// The audit file and the remembered backend of one project, in the program's state folder.
///
/// The audit file is only ever appended to, one line at a time with one system call, so that several programs can
/// write to it at once. Both files are the user's alone (mode 0600).
struct SteeringFiles: SteeringLedger {
    /// A remembered file larger than this is none of ours.
    private static let sizeLimit = 65_536

    let paths: ProgramPaths
    /// The project's folder, absolute.
    let project: String
    /// The active backend by the project's own file.
    let configuredActive: String?
    let memory: ConsoleConfiguration.Memory
    let configurationFile: String

    /// The backend that was active at the end of the last run; `nil` when none is remembered or the project's file
    /// names another one since.
    func rememberedActive() -> String? {
        guard self.memory == .state, let bytes = try? BoundedFile.read(self.memoryFile),
            bytes.count <= Self.sizeLimit, let remembered = JSONObject(bytes[...]),
            case .text(let project) = remembered["project"], project == self.project,
            case .text(let active) = remembered["active"],
            // When the project's own file has changed since, the user has decided anew.
            remembered["configured"] == self.configuredActive.map({ .text($0) }) ?? .absent
        else { return nil }
        return active
    }

    func append(_ record: SteeringRecord) -> String? {
        var members: [(String, ConfigurationValue)] = [
            ("at", .string(record.at.rfc3339)), ("action", .string(record.action.rawValue)),
        ]
        if let from = record.from { members.append(("from", .string(from))) }
        members += [("to", .string(record.to)), ("by", .string(record.by))]
        if !record.why.isEmpty { members.append(("why", .string(record.why))) }
        members.append(("project", .string(self.project)))
        let line = ConfigurationValue.table(members).json() + "\n"
        return self.write(line, to: self.paths.auditFile, appending: true)
    }

    func remember(active name: String) -> String? {
        switch self.memory {
        case .none: return nil
        case .file:
            do {
                try ConsoleConfigurationWriter(path: self.configurationFile).setActive(name)
                return nil
            } catch {
                return "\(error)"
            }
        case .state:
            var members = [("active", ConfigurationValue.string(name))]
            if let configured = self.configuredActive { members.append(("configured", .string(configured))) }
            members.append(("project", .string(self.project)))
            let text = ConfigurationValue.table(members).json() + "\n"
            // A file that is replaced at once is never half of the old one and half of the new one.
            let draft = self.memoryFile + ".new"
            if let reason = self.write(text, to: draft, appending: false) {
                return reason
            }
            guard rename(draft, self.memoryFile) == 0 else { return Self.reason(self.memoryFile) }
            return nil
        }
    }

    /// One file a project; the name is made of its folder, which the file itself names too.
    private var memoryFile: String {
        let digest = self.project.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
        return self.paths.stateFolder + "/active-\(String(digest, radix: 16)).json"
    }

    /// - Returns: Why nothing was written.
    private func write(_ text: String, to path: String, appending: Bool) -> String? {
        do throws(SystemError) {
            try Folders.make(self.paths.stateFolder, mode: 0o700)
        } catch {
            return "\(error.path) cannot be created: \(error.reason)"
        }
        let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (appending ? O_APPEND : O_TRUNC)
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { return Self.reason(path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else { return Self.reason(path) }
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        return count == bytes.count ? nil : Self.reason(path)
    }

    private static func reason(_ path: String) -> String {
        "\(path) cannot be written: \(SystemReason.text(errno))"
    }
}
