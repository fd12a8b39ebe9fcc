import ArgumentParser
import Core
import Foundation
import Platform

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: here("写入一个演示区：约三千件生成的诉求和演示人员。", "Write a demo district: some 3,000 generated appeals, and people."),
        discussion: """
            \(here("""
                可重复运行：已有的不会重复写入。密码随机生成，只显示一次，库中只存散列。库里有真实诉求时拒绝。
                """, """
                Safe to repeat: what is there is not written again. Passwords are random, shown once, and kept as
                hashes. Refused where real appeals are.
                """))

            \(here("示例", "Examples")):
              shuzhi demo
              shuzhi demo --new-passwords
              shuzhi demo --seed 7 --count 500 --data /tmp/demo
            """)

    @OptionGroup var options: SettingOptions
    @Option(help: .init(here("随机种子。", "Seed of the generator."), valueName: "number"))
    var seed: UInt64?
    @Option(help: .init(here("诉求件数，默认 3000。", "Number of appeals, usually 3000."), valueName: "number"))
    var count: Int?
    @Flag(help: .init(here("给演示人员换新密码并显示。", "Give the demo's people new passwords, and show them.")))
    var newPasswords = false
    @Flag(help: .init(here("另写入一年的规划、任务、报送和督办。", "Also write a year of plans, tasks, reports and supervision.")))
    var plans = false
    @Option(help: .init(here("有几个区时，写入哪一个。", "Which district, where there are several."), valueName: "name"))
    var only: String?

    func run() async throws {
        let settings = try options.settings()
        let outcome = try await Commands.with(try settings.district(named: only), of: settings) { district in
            try await LoadDemo(district)(seed: seed, count: count, withNewPasswords: newPasswords, withPlans: plans) {
                Terminal.progress("\($0) / \($1)")
            }
        }
        Terminal.endProgress()
        if outcome.written > 0 {
            Terminal.say(
                "已写入 \(outcome.written) 件演示诉求（种子 \(outcome.seed)，埋入 \(outcome.plants) 个问题），找出 \(outcome.problems) 个问题。",
                "\(outcome.written) demo appeals written (seed \(outcome.seed), \(outcome.plants) problems planted); "
                    + "\(outcome.problems) problems found.")
        } else {
            Terminal.say(
                "演示数据已在：\(outcome.present) 件诉求，\(outcome.problems) 个问题，未重复写入。",
                "The demo is there: \(outcome.present) appeals, \(outcome.problems) problems."
            )
        }
        for signIn in outcome.signIns {
            let password =
                signIn.password ?? here("（已设，忘记请加 --new-passwords）", "(set before; --new-passwords makes another)")
            print("\(signIn.signInName)\t\(password)\t\(signIn.task(Terminal.language))")
        }
        if !outcome.tour.isEmpty { Terminal.say("\n导览（登录后打开）：", "\nA tour (sign in, then open):") }
        for stop in outcome.tour { print("\(stop.path)\t\(stop.text(Terminal.language))") }
    }
}
