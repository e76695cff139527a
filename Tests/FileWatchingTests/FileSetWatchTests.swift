import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import FileWatching

/// Each way of changing a file, on real files; every wait ends by an event of the kernel or by the suite's limit.
@Suite("Watching a set of files", .timeLimit(.minutes(2)))
struct FileSetWatchTests {
    /// The times of a test: short, and the same in kind.
    private static let times = {
        var times = FileSetWatch.Times()
        times.quiet = .milliseconds(50)
        times.distance = .zero
        times.slow = .seconds(3_600)
        return times
    }()

    /// A folder with files, and a watch on some of them.
    fileprivate final class Bench {
        let folder: String
        let watch: FileSetWatch

        init(_ files: [String: String] = [:], watching names: [String], below: String = "", times: FileSetWatch.Times)
            throws
        {
            self.folder = try temporaryFolder()
            self.watch = FileSetWatch(times: times)
            for (name, text) in files { try self.write(text, to: name) }
            self.follow(names.map { below + $0 })
        }

        deinit { try? FileManager.default.removeItem(atPath: self.folder) }

        func path(_ name: String) -> String { "\(self.folder)/\(name)" }

        /// Follows the files once their times are of the past, as those of a project are.
        func follow(_ names: [String]) {
            let paths = names.map { ByteString(self.path($0)) }
            while paths.contains(where: { FileStamp(of: $0.text).isRecent }) { sched_yield() }
            self.watch.follow(Dictionary(uniqueKeysWithValues: paths.map { ($0, FileStamp(of: $0.text)) }))
        }

        /// Truncates and writes, as `>` does.
        func write(_ text: String, to name: String) throws {
            let file = self.path(name)
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            let descriptor = try #require(try? Self.opened(file))
            defer { close(descriptor) }
            #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        }

        static func opened(_ path: String) throws -> Int32 {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw POSIXError(.EIO) }
            return descriptor
        }

        /// The names of the next files that change.
        func next() async -> [String]? {
            await self.watch.next()?.map { String($0.text.dropFirst(self.folder.count + 1)) }.sorted()
        }
    }

    /// A way of saving a file: what an editor or a tool does.
    enum Saving: String, CaseIterable, Sendable {
        case truncated, appended, renamedOver, backupThenNew, deletedThenNew, linked, inPieces, mapped, touched,
            otherName

        fileprivate func save(_ bench: Bench, _ name: String) throws {
            let path = bench.path(name)
            switch self {
            case .truncated: try bench.write("new", to: name)
            case .appended:
                let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
                defer { close(descriptor) }
                #expect(write(descriptor, "more", 4) == 4)
            case .renamedOver:
                // vim without a backup, VS Code's atomic saves, git.
                try bench.write("new", to: name + ".tmp")
                #expect(rename(path + ".tmp", path) == 0)
            case .backupThenNew:
                // vim with a backup: the old file is renamed away, the new one is made.
                #expect(rename(path, path + "~") == 0)
                try bench.write("new", to: name)
            case .deletedThenNew:
                #expect(unlink(path) == 0)
                try bench.write("new", to: name)
            case .linked:
                // Some make a new file and link it to the name.
                try bench.write("new", to: name + ".swap")
                #expect(unlink(path) == 0 && link(path + ".swap", path) == 0)
            case .inPieces:
                let descriptor = try Bench.opened(path)
                defer { close(descriptor) }
                for _ in 0..<50 { #expect(write(descriptor, "piece\n", 6) == 6) }
            case .mapped:
                // Writing into memory is told of when the file is closed.
                let descriptor = open(path, O_RDWR | O_CLOEXEC)
                let memory = mmap(nil, 3, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
                memory?.storeBytes(of: 0x78, as: UInt8.self)
                #expect(msync(memory, 3, MS_SYNC) == 0)
                munmap(memory, 3)
                close(descriptor)
            case .touched: #expect(utimes(path, nil) == 0)
            case .otherName:
                #expect(link(path, bench.folder + "-other") == 0)
                let descriptor = open(bench.folder + "-other", O_WRONLY | O_APPEND | O_CLOEXEC)
                #expect(write(descriptor, "more", 4) == 4)
                close(descriptor)
                unlink(bench.folder + "-other")
            }
        }
    }

    @Test("every way of saving a file is told, once, twice in a row", arguments: Saving.allCases)
    func saving(_ way: Saving) async throws {
        let bench = try Bench(["a.toml": "old", "b.toml": "old"], watching: ["a.toml", "b.toml"], times: Self.times)
        for _ in 0..<2 {
            try way.save(bench, "a.toml")
            #expect(await bench.next() == ["a.toml"])
        }
        try way.save(bench, "b.toml")
        #expect(await bench.next() == ["b.toml"])
    }

    @Test("a file that is not there yet is told when it comes, and when it goes, with its folders")
    func appearing() async throws {
        let bench = try Bench(watching: ["one/two/.dev.vars", "wrangler.json"], times: Self.times)
        try bench.write("A=1", to: "one/two/.dev.vars")
        #expect(await bench.next() == ["one/two/.dev.vars"])
        try FileManager.default.removeItem(atPath: bench.path("one"))
        #expect(await bench.next() == ["one/two/.dev.vars"])
        try bench.write("A=2", to: "one/two/.dev.vars")
        #expect(await bench.next() == ["one/two/.dev.vars"])
        try bench.write("A=3", to: "one/two/.dev.vars")
        #expect(await bench.next() == ["one/two/.dev.vars"])
        try bench.write("{}", to: "wrangler.json")
        #expect(await bench.next() == ["wrangler.json"])
    }

    @Test("a folder that is moved away and back, or replaced as a whole, is told")
    func moving() async throws {
        let bench = try Bench(["project/a": "1", "next/a": "2"], watching: ["project/a"], times: Self.times)
        #expect(rename(bench.path("project"), bench.path("away")) == 0)
        #expect(await bench.next() == ["project/a"])
        #expect(rename(bench.path("away"), bench.path("project")) == 0)
        #expect(await bench.next() == ["project/a"])
        try bench.write("3", to: "project/a")
        #expect(await bench.next() == ["project/a"])
        #expect(renameat2(bench.path("project"), bench.path("next")))
        #expect(await bench.next() == ["project/a"])
        try bench.write("4", to: "project/a")
        #expect(await bench.next() == ["project/a"])
    }

    /// Exchanges two folders, as some deployments do.
    private func renameat2(_ one: String, _ other: String) -> Bool {
        rename(one, one + ".old") == 0 && rename(other, one) == 0 && rename(one + ".old", other) == 0
    }

    @Test("links are followed: what they lead to, what they are changed to, and a loop ends")
    func links() async throws {
        let bench = try Bench(
            ["releases/1/worker.py": "1", "releases/2/worker.py": "2", "shared/vars": "A=1"], watching: [],
            times: Self.times)
        #expect(symlink("releases/1", bench.path("current")) == 0)
        #expect(symlink("../../shared/vars", bench.path("releases/1/.dev.vars")) == 0)
        #expect(symlink("loop", bench.path("loop")) == 0)
        bench.follow(["current/worker.py", "current/.dev.vars", "loop/x"])
        try bench.write("one", to: "releases/1/worker.py")
        #expect(await bench.next() == ["current/worker.py"])
        try bench.write("A=2", to: "shared/vars")
        #expect(await bench.next() == ["current/.dev.vars"])
        #expect(symlink("releases/2", bench.path("new")) == 0 && rename(bench.path("new"), bench.path("current")) == 0)
        #expect(await bench.next() == ["current/.dev.vars", "current/worker.py"])
        try bench.write("two", to: "releases/2/worker.py")
        #expect(await bench.next() == ["current/worker.py"])
    }

    @Test("ways of any length end, and what can be reached is seen all the same")
    func longWays() async throws {
        let bench = try Bench(["a": "1"], watching: [], times: Self.times)
        // Each link leads to the next one over two thousand names that are not there.
        let tail = String(repeating: "/x", count: 2_000)
        for number in 0..<39 { #expect(symlink("L\(number + 1)\(tail)", bench.path("L\(number)")) == 0) }
        #expect(symlink("L0/v", bench.path(".dev.vars")) == 0)
        // Names that are there, and links over each of which the whole way is gone again.
        let folders = String(repeating: "d/", count: 200)
        try FileManager.default.createDirectory(atPath: bench.path(folders), withIntermediateDirectories: true)
        #expect(symlink(folders + String(repeating: "../", count: 200) + "M1", bench.path("M0")) == 0)
        for number in 1..<60 {
            #expect(
                symlink(folders + String(repeating: "../", count: 200) + "M\(number + 1)", bench.path("M\(number)"))
                    == 0)
        }
        let deep = String(repeating: "a/", count: 20_000) + "a"
        bench.follow([".dev.vars", "L0/v", "M0", "a"])
        let trace = FileTrace()
        FileTrace.$current.withValue(trace) { FileTrace.note(bench.path(deep)) }
        #expect(trace.files.isEmpty)
        bench.watch.follow([ByteString(bench.path(deep)): FileStamp(of: bench.path(deep))])
        bench.follow([".dev.vars", "L0/v", "M0", "a"])
        try bench.write("22", to: "a")
        #expect(await bench.next() == ["a"])
    }

    @Test("names in a folder count where they were listed, and nowhere else")
    func listings() async throws {
        let bench = try Bench(["python_modules/x": "1", "other/x": "1", "end": ""], watching: [], times: Self.times)
        let trace = FileTrace()
        FileTrace.$current.withValue(trace) {
            FileTrace.note(bench.path("other"))
            FileTrace.note(bench.path("python_modules"))
            FileTrace.note(bench.path("python_modules"), listing: true)
            FileTrace.note(bench.path("end"))
        }
        while trace.files.contains(where: { $0.value.again(at: $0.key.text).isRecent }) { sched_yield() }
        bench.watch.follow(
            trace.files.mapValues { $0 }.reduce(into: [:]) { $0[$1.key] = $1.value.again(at: $1.key.text) })
        try bench.write("", to: "other/y")
        try bench.write("", to: "python_modules/workers.py")
        #expect(await bench.next() == ["python_modules"])
        try bench.write("", to: "other/z")
        try bench.write("!", to: "end")
        #expect(await bench.next() == ["end"])
    }

    @Test("a name in another form of its letters is another file")
    func bytes() async throws {
        let (composed, decomposed) = ("caf\u{E9}.py", "cafe\u{301}.py")
        let bench = try Bench([composed: "1"], watching: [composed, decomposed], times: Self.times)
        try bench.write("3", to: decomposed)
        let changed = try #require(await bench.watch.next())
        #expect(changed.count == 1 && changed.first?.text.hasSameBytes(as: bench.path(decomposed)) == true)
    }

    @Test("ten thousand changes at once are told as one set, and other files not at all")
    func flood() async throws {
        let names = (0..<200).map { "src/m\($0).py" }
        let bench = try Bench(
            Dictionary(uniqueKeysWithValues: names.map { ($0, "old") }), watching: names,
            times: {
                var times = Self.times
                times.quiet = .milliseconds(200)
                return times
            }())
        for round in 0..<50 {
            for index in 0..<200 { try bench.write("\(round)", to: "src/m\(index).py") }
            try bench.write("\(round)", to: "src/other\(round).txt")
        }
        #expect(await bench.next()?.count == 200)
        try bench.write("last", to: "src/m7.py")
        #expect(await bench.next() == ["src/m7.py"])
    }

    @Test("a file that never stops changing is told all the same")
    func restless() async throws {
        let bench = try Bench(
            ["a": "1"], watching: ["a"],
            times: {
                var times = Self.times
                times.longest = .milliseconds(100)
                return times
            }())
        let path = bench.path("a")
        let writing = Task {
            var count = 0
            while !Task.isCancelled {
                try Data("\(count)".utf8).write(to: URL(fileURLWithPath: path))
                count += 1
                await Task.yield()
            }
        }
        #expect(await bench.next() == ["a"])
        #expect(await bench.next() == ["a"])
        writing.cancel()
        try await writing.value
    }

    @Test("what changed between the reading and the watching is told")
    func between() async throws {
        let bench = try Bench(["a": "1", "b": "1"], watching: [], times: Self.times)
        let before = FileStamp(of: bench.path("a"))
        try bench.write("22", to: "a")
        bench.watch.follow([ByteString(bench.path("a")): before])
        #expect(await bench.next() == ["a"])
    }

    @Test("what was changed before it was followed is told to who waits already")
    func whileWaiting() async throws {
        let bench = try Bench(["a": "1", "b": "1"], watching: ["b"], times: Self.times)
        let before = FileStamp(of: bench.path("a"))
        try bench.write("22", to: "a")
        let watch = bench.watch
        let waiting = Task { await watch.next() }
        // Whether it waits already or not: often enough, both.
        for _ in 0..<200 { await Task.yield() }
        watch.follow([ByteString(bench.path("a")): before])
        #expect(await waiting.value == [ByteString(bench.path("a"))])
    }

    @Test("without room for inotify the files are looked at now and then, and the reason is known")
    func withoutRoom() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var times = Self.times
        times.slow = .milliseconds(10)
        let watch = FileSetWatch(withoutRoom: EMFILE, times: times)
        let path = ByteString(folder + "/a")
        watch.follow([path: FileStamp(of: path.text)])
        #expect(watch.problem == .noWatches(EMFILE))
        try Data("1".utf8).write(to: URL(fileURLWithPath: path.text))
        #expect(await watch.next() == [path])
    }

    @Test("a wait that is cancelled ends, in every one of its steps")
    func cancelling() async throws {
        let bench = try Bench(["a": "1"], watching: ["a"], times: Self.times)
        let watch = bench.watch
        let waiting = Task { await watch.next() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        let blind = FileSetWatch(withoutRoom: EMFILE, times: Self.times)
        let looking = Task { await blind.next() }
        looking.cancel()
        #expect(await looking.value == nil)
    }

    @Test("many watches come and go, in the middle of changes too, and leave no descriptor")
    func manyWatches() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for round in 0..<90 {
            let watch = FileSetWatch(times: Self.times)
            let path = ByteString(folder + "/a")
            watch.follow([path: FileStamp(of: path.text)])
            #expect(watch.problem == nil)
            try Data("\(round)".utf8).write(to: URL(fileURLWithPath: path.text))
            if round.isMultiple(of: 3) { #expect(await watch.next() == [path]) }
        }
    }
}
