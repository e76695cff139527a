import FoundationEssentials
import Glibc
import ProxyCore
import WorkerDomain
import WorkerProject

/// The audit file and the remembered backend of one project, in the program's state folder.
///
/// The audit file is only ever appended to, one line at a time with one system call, so that several programs can
/// write to it at once. Both files are the user's alone (mode 0600).
struct SteeringFiles: SteeringLedger {
    /// A remembered file larger than this is none of ours.
    private static let sizeLimit = 65_536

    /// What is kept for the next start.
    private struct Remembered: Codable {
        var project: String
        var active: String
        /// What the project's own file named then; when it has changed since, the user has decided anew.
        var configured: String?
    }

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
            bytes.count <= Self.sizeLimit,
            let remembered = try? JSONDecoder().decode(Remembered.self, from: Data(bytes)),
            remembered.project == self.project, remembered.configured == self.configuredActive
        else { return nil }
        return remembered.active
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
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            let value = Remembered(project: self.project, active: name, configured: self.configuredActive)
            guard let data = try? encoder.encode(value) else { return nil }
            // A file that is replaced at once is never half of the old one and half of the new one.
            let draft = self.memoryFile + ".new"
            if let reason = self.write(String(decoding: data, as: UTF8.self) + "\n", to: draft, appending: false) {
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
        do {
            try FileManager.default.createDirectory(
                atPath: self.paths.stateFolder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            return "\(self.paths.stateFolder) cannot be created"
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
