// swift-tools-version:6.2
import PackageDescription

// `make fuzz` sets this: Tests/Fuzz and Tests/FuzzReaders then become programs for libFuzzer, and what they look at is built
// with its coverage counters. Everywhere else the same folders are test targets that replay the kept inputs.
let isFuzzing = Context.environment["WORKER_CONSOLE_FUZZ"] != nil

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// What neither carries a request nor draws a frame is built for size: a sixth less time to build, and a tenth less code.
let small: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

/// What waits for files, processes and people is left to LLVM alone: the compiler's own optimizer takes two thirds of the
/// time to build it, and makes it faster where nobody waits. What is done thousands of times stands in other modules.
let plain: [SwiftSetting] = [
    .unsafeFlags(["-Osize", "-Xfrontend", "-disable-sil-perf-optzns"], .when(configuration: .release))
]

/// A library target whose folder is `Sources/WorkerConsole/<name>`; `optimizing` is empty for what has to be fast.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], optimizing: [SwiftSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/WorkerConsole/\(name)",
        swiftSettings: strict + optimizing)
}

/// The tests of one module; `data` names folders of goldens and fixtures that are read by path, not compiled.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TestSupport"],
        path: "Tests/\(name)Tests", exclude: data, swiftSettings: strict)
}

/// A C or C++ target that holds what Swift cannot import of one Debian library: macros, inline functions, C++.
func systemLibrary(
    _ name: String, linking libraries: [String] = [], cSettings: [CSetting] = [], cxxSettings: [CXXSetting] = []
) -> Target {
    .target(
        name: name, path: "Sources/WorkerConsole/SystemLibraries/\(name)", cSettings: cSettings,
        cxxSettings: cxxSettings, linkerSettings: libraries.map { .linkedLibrary($0) })
}

let package = Package(
    name: "WorkerConsole",
    products: [.executable(name: "worker-console", targets: ["worker-console"])],
    dependencies: [],
    targets: [
        .target(
            name: "CNcurses", path: "Sources/CNcurses",
            cSettings: [.define("NCURSES_WIDECHAR", to: "1")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        systemLibrary("CLinux", linking: ["uring"]),
        systemLibrary("COpenSSL", linking: ["ssl", "crypto"]),
        systemLibrary("CSQLite", linking: ["sqlite3"]),
        systemLibrary("CZlib", linking: ["z"]),
        systemLibrary("CBrotli", linking: ["brotlidec"]),
        systemLibrary("CZstd", linking: ["zstd"]),
        systemLibrary("CTurboJPEG", linking: ["turbojpeg"]),
        // libcurl itself is loaded when it is first needed.
        systemLibrary("CCurl", linking: ["dl"]),
        // Debian and Fedora put libxml2's headers into a folder of their own.
        systemLibrary("CXML", linking: ["xml2"], cSettings: [.unsafeFlags(["-I/usr/include/libxml2"])]),
        systemLibrary("CToml", cxxSettings: [.define("TOML_ENABLE_UNRELEASED_FEATURES", to: "1")]),
        module("TextSafety"),
        module("WorkerDomain", ["TextSafety"]),
        module("OperatingSystem", ["WorkerDomain", "CLinux"], optimizing: plain),
        module("FileWatching", ["WorkerDomain"], optimizing: plain),
        module("Digests", ["COpenSSL"]),
        module("SQLite", ["CSQLite"]),
        module("NetworkIO", ["CLinux", "COpenSSL"]),
        module("ChildProcesses", optimizing: plain),
        module("PythonSource", ["WorkerDomain", "TextSafety"], optimizing: small),
        module(
            "WorkerProject",
            [
                "WorkerDomain", "TextSafety", "OperatingSystem", "FileWatching", "ChildProcesses", "Digests",
                "PythonSource", "CToml",
            ],
            optimizing: plain),
        module("TrafficJournal", ["WorkerDomain", "TextSafety", "Executors"]),
        module("ProxyCore", ["WorkerDomain", "NetworkIO"]),
        module("LocalState", ["WorkerDomain", "TextSafety", "OperatingSystem", "FileWatching", "SQLite", "Digests"]),
        module("S3Storage", ["WorkerDomain", "TextSafety", "Digests", "CCurl", "CXML"], optimizing: small),
        module("Executors", ["CLinux"]),
        module("TerminalCanvas", ["Executors"]),
        module("Widgets", ["TerminalCanvas"]),
        module(
            "ContentViews",
            [
                "WorkerDomain", "TextSafety", "TerminalCanvas", "Widgets", "ChildProcesses", "CZlib", "CBrotli",
                "CZstd",
                "CTurboJPEG",
            ],
            optimizing: small),
        module(
            "ConsoleUI",
            [
                "WorkerDomain", "TextSafety", "TrafficJournal", "TerminalCanvas", "Widgets", "ContentViews",
                "Executors",
            ],
            optimizing: small),
        module(
            "StorageScreens",
            [
                "WorkerDomain", "TextSafety", "TrafficJournal", "TerminalCanvas", "Widgets", "ContentViews",
                "ConsoleUI",
            ],
            optimizing: plain),
        module("TerminalDriver", ["CNcurses", "TerminalCanvas", "Executors"]),
        module("TextOutput", ["WorkerDomain", "TextSafety", "Digests"]),
        module("CommandLineArguments", ["WorkerDomain", "TextSafety"], optimizing: plain),
        module(
            "Application",
            [
                "WorkerDomain", "TextSafety", "OperatingSystem", "FileWatching", "WorkerProject", "TrafficJournal",
                "ProxyCore", "LocalState", "S3Storage", "Digests", "TerminalCanvas", "Widgets", "ConsoleUI",
                "StorageScreens", "TerminalDriver", "TextOutput", "CommandLineArguments", "SQLite", "NetworkIO",
                "ChildProcesses",
            ],
            optimizing: plain),
        .executableTarget(
            name: "worker-console", dependencies: ["Application"], path: "Sources/WorkerConsole/App",
            swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["WorkerDomain", "TerminalCanvas"], path: "Tests/Support",
            exclude: ["Network", "Screens"], swiftSettings: strict),
        .target(
            name: "TestNetwork", dependencies: ["NetworkIO", "CLinux"], path: "Tests/Support/Network",
            swiftSettings: strict),
        // The screen that tests add to the console's own, to see that nothing but its line in the catalog is missing.
        .target(
            name: "TestScreens", dependencies: ["ConsoleUI", "StorageScreens", "TerminalCanvas", "WorkerDomain"],
            path: "Tests/Support/Screens", swiftSettings: strict),
        .target(
            name: "TestOrigin", dependencies: ["WorkerDomain", "TestSupport"], path: "Tests/Origin",
            swiftSettings: strict),
        .executableTarget(
            name: "frame-bench",
            dependencies: ["ConsoleUI", "StorageScreens", "TerminalCanvas", "TrafficJournal", "WorkerDomain"],
            path: "Tests/Benchmarks/Frames", swiftSettings: strict),
        tests("TextSafety", ["TextSafety"]),
        tests("WorkerDomain", ["WorkerDomain"]),
        tests("OperatingSystem", ["OperatingSystem"]),
        tests("FileWatching", ["FileWatching", "WorkerDomain"]),
        tests("Origin", ["TestOrigin", "WorkerDomain"]),
        tests("TerminalCanvas", ["TerminalCanvas"], data: ["Golden"]),
        tests("Widgets", ["Widgets", "TerminalCanvas"], data: ["Golden"]),
        tests(
            "ContentViews",
            [
                "ContentViews", "WorkerDomain", "TextSafety", "TerminalCanvas", "Widgets", "CZlib", "CZstd",
                "CTurboJPEG",
            ]),
        tests("ChildProcesses", ["ChildProcesses"]),
        tests("TerminalDriver", ["TerminalDriver", "TerminalCanvas", "CNcurses", "Executors"]),
        tests("CommandLineArguments", ["CommandLineArguments"]),
        tests("TrafficJournal", ["TrafficJournal", "TextSafety", "WorkerDomain", "TestOrigin"]),
        tests("SQLite", ["SQLite"]),
        tests("NetworkIO", ["NetworkIO", "TestNetwork"]),
        tests(
            "ProxyCore", ["ProxyCore", "WorkerDomain", "NetworkIO", "TestNetwork", "TestOrigin"], data: ["Fixtures"]),
        tests("Differential", ["ProxyCore", "WorkerDomain", "NetworkIO", "TestOrigin"], data: ["Corpus"]),
        tests("PythonSource", ["PythonSource", "WorkerDomain"], data: ["Fixtures"]),
        tests(
            "WorkerProject", ["WorkerProject", "PythonSource", "WorkerDomain", "FileWatching"], data: ["Fixtures"]),
        tests(
            "Store",
            ["Application", "worker-console", "LocalState", "S3Storage", "WorkerDomain", "Digests", "SQLite"],
            data: ["Fixtures"]),
        tests("LocalState", ["LocalState", "WorkerDomain", "FileWatching", "SQLite", "Digests"], data: ["Fixtures"]),
        tests(
            "ConsoleUI",
            [
                "ConsoleUI", "StorageScreens", "ContentViews", "TextSafety", "Widgets", "TerminalCanvas",
                "TrafficJournal", "WorkerDomain", "TestScreens",
            ],
            data: ["Golden"]),
        tests(
            "Application",
            [
                "Application", "TextSafety", "FileWatching", "LocalState", "ProxyCore", "TrafficJournal",
                "WorkerDomain",
                "WorkerProject",
                "ConsoleUI", "StorageScreens", "TerminalCanvas", "TerminalDriver", "TestOrigin", "TextOutput",
                "CommandLineArguments",
                "NetworkIO",
                "SQLite", "TestScreens",
            ]),
        tests("Terminal", ["worker-console", "ConsoleUI", "StorageScreens", "WorkerDomain"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

let counters = SwiftSetting.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])

/// A program for libFuzzer, or the tests that replay what it has kept.
func fuzzing(
    _ name: String, _ program: String, path: String, entry: String, replay: String, _ dependencies: [Target.Dependency]
) -> Target {
    guard isFuzzing else {
        return .testTarget(
            name: name, dependencies: dependencies + ["TestSupport"], path: path, exclude: ["Corpus", entry],
            swiftSettings: strict)
    }
    return .executableTarget(
        name: program, dependencies: dependencies, path: path, exclude: ["Corpus", replay],
        swiftSettings: strict + [counters, .unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
}

let counted = [
    "NetworkIO", "ProxyCore", "PythonSource", "WorkerProject", "LocalState", "SQLite", "ConsoleUI", "ContentViews",
    "Widgets", "TerminalCanvas", "TextSafety",
]
if isFuzzing {
    for target in package.targets where counted.contains(target.name) { target.swiftSettings?.append(counters) }
}
package.targets += [
    fuzzing(
        "FuzzTests", "proxy-fuzz", path: "Tests/Fuzz", entry: "FuzzEntry.swift", replay: "CorpusTests.swift",
        ["ProxyCore", "WorkerDomain", "NetworkIO", "TestNetwork"]),
    fuzzing(
        "FuzzReadersTests", "reader-fuzz", path: "Tests/FuzzReaders", entry: "ReaderFuzzEntry.swift",
        replay: "ReaderCorpusTests.swift",
        [
            "WorkerProject", "PythonSource", "LocalState", "SQLite", "WorkerDomain", "ConsoleUI", "ContentViews",
            "TextSafety", "Widgets", "TerminalCanvas",
        ]),
]
