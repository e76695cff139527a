import Dispatch
import Glibc
import OperatingSystem
import WorkerDomain

/// Files for copied texts that no clipboard takes: the user's alone, the newest few.
struct CopyFiles: Sendable {
    struct Failure: Error, Equatable { let reason: String }

    /// How many are kept.
    static let kept = 8

    /// Tried in order: of the session (`XDG_RUNTIME_DIR`, gone with it), then of the program's state.
    let folders: [String]

    init(environment: [String: String]) {
        let runtime = environment["XDG_RUNTIME_DIR"].flatMap { $0.hasPrefix("/") ? $0 + "/worker-console" : nil }
        self.folders = [runtime, ProgramPaths(environment: environment).stateFolder + "/copies"].compactMap(\.self)
    }

    /// Writes a text into a new file; a thread that may wait does it.
    /// - Returns: The file's path.
    func write(_ text: String) async throws(Failure) -> String {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<String, Failure>, Never>) in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(Failure) in try self.writeNow(text) })
            }
        }
        return try result.get()
    }

    private func writeNow(_ text: String) throws(Failure) -> String {
        var first: Failure?
        for folder in self.folders {
            do throws(Failure) {
                try Self.make(folder)
                let path = try Self.write(Array(text.utf8), in: folder)
                return path
            } catch {
                first = first ?? error
            }
        }
        throw first ?? Failure(reason: "no folder to put the file in")
    }

    /// Makes the folder, or takes one that nobody else can write to.
    private static func make(_ folder: String) throws(Failure) {
        do throws(SystemError) {
            try Folders.make(folder, mode: 0o700)
        } catch {
            throw Failure(reason: "\(folder) cannot be created: \(error.reason)")
        }
        var status = stat()
        guard lstat(folder, &status) == 0 else { throw self.failure("\(folder) cannot be inspected", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw Failure(
                reason: "\(folder) is not a folder that this user alone can write to; remove it, or chmod 700 it")
        }
    }

    private static func write(_ bytes: [UInt8], in folder: String) throws(Failure) -> String {
        let names = Folders.names(in: folder) ?? []
        let numbers = names.compactMap(self.number)
        // Two consoles may write at the same time: a name that is taken is left to the other.
        for number in ((numbers.max() ?? 0) + 1)...((numbers.max() ?? 0) + 16) {
            let path = "\(folder)/copy-\(number).txt"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw self.failure("\(path) cannot be written", errno) }
            // Whatever the umask is.
            var reason = fchmod(descriptor, 0o600) == 0 ? DescriptorOutput.write(bytes[...], to: descriptor) : errno
            // What a disk could not take may be told only here.
            if close(descriptor) != 0, reason == nil { reason = errno }
            if let reason {
                unlink(path)
                throw self.failure("\(path) cannot be written", reason)
            }
            for old in numbers where old <= number - self.kept { unlink("\(folder)/copy-\(old).txt") }
            return path
        }
        throw Failure(reason: "\(folder) has no free file name")
    }

    /// The number in a name of this program's own; `nil` for any other file, which is left alone.
    private static func number(in name: String) -> Int? {
        guard name.hasPrefix("copy-"), name.hasSuffix(".txt") else { return nil }
        let digits = name.dropFirst(5).dropLast(4)
        guard (1...12).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.first != "0"
        else { return nil }
        return Int(digits)
    }

    private static func failure(_ what: String, _ number: Int32) -> Failure {
        Failure(reason: "\(what): \(SystemReason.text(number))")
    }
}
