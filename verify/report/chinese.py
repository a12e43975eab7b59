"""The Chinese of the report's own words, by the English that the templates carry.

What evidence and claims say in their own words is not translated here: claims bring both languages with them.
"""

CHINESE: dict[str, str] = {
    # verdicts and other closed vocabularies
    "refuted": "已否证",
    "ill-posed": "不适定",
    "contradicted": "与实测相反",
    "inconclusive": "未定",
    "empirical": "经验成立",
    "supported": "有支持",
    "proved": "已证明",
    "not run": "未检验",
    "False as stated: a counterexample was found and certified in exact or ball arithmetic.": (
        "按原文表述为假：已找到反例，并经精确算术或球算术认证。"
    ),
    "Without a definite meaning as stated: shapes do not fit, a symbol is undefined, or nothing could contradict it.": (
        "按原文表述没有确定的含义：形状不匹配、符号未定义，或没有任何观察能与之矛盾。"
    ),
    "Measured on trained networks, and it did not hold there.": "在训练好的网络上测量过，不成立。",
    "The evidence does not decide; the reason is named.": "证据不足以判定；原因已注明。",
    "Measured on trained networks, and it held there; nothing more is claimed.": (
        "在训练好的网络上测量过，成立；仅此而已。"
    ),
    "No counterexample was found in a search that was shown able to find one; not a proof.": (
        "搜索未找到反例，且该搜索已被证实有能力找到反例；这不是证明。"
    ),
    "Derived for every size and value in scope.": "已对范围内所有尺寸和取值推导得出。",
    "Not put on trial yet, or changed since it was.": "尚未检验，或检验之后又有改动。",
    "main": "主要部分",
    "caveat": "附带部分",
    "Carries the headline of its claim.": "决定整条命题的结论。",
    "An edge case, a reading, or a consequence that the text draws.": "边界情形、某种解读，或原文引申的推论。",
    "universal": "全称",
    "typical": "典型",
    "Stated for all sizes and values that satisfy the hypotheses.": "对满足假设的所有尺寸和取值而言。",
    "Stated of what usually happens in trained networks.": "对训练好的网络中通常发生的情形而言。",
    "no check": "无检验",
    "no witness": "无实例",
    "foundation not proved": "所依据者未证明",
    "foundation open": "所依据者未定",
    "foundation fallen": "所依据者不成立",
    "The proof is complete, but a theorem or part it stands on is only supported.": (
        "证明完整，但它所依据的某个定理或部分仅有支持。"
    ),
    "The proof stands on a theorem or part that is itself not decided.": "证明所依据的某个定理或部分本身尚未判定。",
    "The proof stands on a theorem or part that was found false.": "证明所依据的某个定理或部分已被发现不成立。",
    "class not visited": "有类别未覆盖",
    "mutant survives": "有变体存活",
    "no mutant killed": "无变体被否证",
    "precision ran out": "精度不足",
    "a check failed": "检验失败",
    "not certified": "未认证",
    "measurement not decisive": "测量不足以判定",
    "evidence of the wrong kind": "证据类型不符",
    "No check of this part has produced evidence.": "尚无检验给出关于此部分的证据。",
    "No object was shown to satisfy the hypotheses, so the part may hold of nothing.": (
        "没有给出满足全部假设的对象，此部分可能是空洞的。"
    ),
    "A region of the input space that the search must visit was not visited.": "搜索必须覆盖的某个输入区域未被访问。",
    "A false variant of the part passed the same search, so the search is too weak.": (
        "此部分的一个错误变体通过了同样的搜索，可见搜索太弱。"
    ),
    "The search never told this part from a false variant of it.": "搜索从未把此部分与其错误变体区分开。",
    "A suspect could be neither certified as a violation nor cleared.": "有可疑之处，既不能认证为违反，也不能排除。",
    "A check raised an error, ran out of time, or returned something that is not a number.": (
        "某项检验报错、超时，或返回了非数值。"
    ),
    "A counterexample was proposed, but could not be certified.": "提出了反例，但未能认证。",
    "The interval of the measurement includes the declared threshold.": "测量的区间包含事先声明的阈值。",
    "The evidence does not speak about a part of this scope.": "证据不涉及此类范围的部分。",
    "killed": "被否证",
    "implied": "被蕴含",
    "surviving": "存活",
    "A certified counterexample tells the mutant from the part.": "有经认证的反例把变体与原部分区分开。",
    "The mutant follows from the part or from its proof, so nothing could kill it.": (
        "变体可由原部分或其证明推出，因此不可能被否证。"
    ),
    "Neither a counterexample nor a proof was found.": "既未找到反例，也未找到证明。",
    "error": "报错",
    "timeout": "超时",
    "not a number": "非数值",
    "precision": "精度不足",
    # page
    "claims on trial": "命题检验报告",
    "Claims on trial": "命题检验报告",
    "Skip to the claims": "跳到命题",
    "Claims": "命题",
    "Contents": "目录",
    "Summary": "概要",
    "What is not green": "未通过的部分",
    "Link to %(id)s": "链接到 %(id)s",
    "Written by verify %(version)s from its ledger; nothing was recomputed for this page. Verdicts are the judge's, "
    "read off the evidence alone.": (
        "本页由 verify %(version)s 根据其台账写出，未作任何重新计算。结论由判定函数仅依据证据得出。"
    ),
    "%(num)s claim": "%(num)s 条命题",
    "%(num)s part": "%(num)s 个部分",
    "%(num)s matrix tried": "试验过 %(num)s 个矩阵",
    "Every part is judged as the text states it, from evidence alone.": "每个部分都按原文的表述、仅依据证据判定。",
    "Verdict": "结论",
    "claims": "命题",
    "parts": "部分",
    "What it means": "含义",
    "A claim's verdict is that of its worst main part; caveats are listed under it with verdicts of their own.": (
        "一条命题的结论取其最差的主要部分；附带部分列在其下，各有自己的结论。"
    ),
    "%(num)s part changed after it was tried; its old evidence is left out, and it counts as not run.": (
        "有 %(num)s 个部分在检验之后有改动；旧证据不再计入，按未检验处理。"
    ),
    "Quoted beside the verdicts: %(found)s of %(all)s items found in %(file)s by their labels.": (
        "结论旁附有引文：%(all)s 条中有 %(found)s 条按编号在 %(file)s 中找到。"
    ),
    "Quoted from %(file)s, line %(line)s": "引自 %(file)s，第 %(line)s 行",
    "What was run, when, on what": "何时、以何配置运行",
    "Started": "开始时间",
    "Profile": "档位",
    "Seed": "种子",
    "Device": "设备",
    "Time": "用时",
    "Versions": "版本",
    "not finished": "未完成",
    # findings
    "Conflicts": "冲突",
    "What to correct first": "首先应当更正",
    "Holds only empirically": "仅经验成立",
    "Open, and caveats that do not stand": "未定的部分，以及不成立的附带部分",
    "Nothing: every part stands, as far as its verdict says.": "没有：每个部分都在其结论的意义上成立。",
    # cards
    "only empirical": "仅经验成立",
    "%(num)s caveat to mind": "%(num)s 个附带部分需留意",
    "As the text states it": "原文的表述",
    "How to cite this safely": "如何稳妥地引用",
    "Sources": "文献",
    "correction of": "更正自",
    "survivor of": "保留自",
    "This part changed after it was tried; the old evidence does not speak about it.": (
        "此部分在检验之后有改动；旧证据与它无关。"
    ),
    "The author of this encoding expected: %(expected)s.": "编码者的预期是：%(expected)s。",
    "Counterexample": "反例",
    "certified in exact arithmetic": "经精确算术认证",
    "certified in ball arithmetic at %(bits)s bits": "经 %(bits)s 位球算术认证",
    "found by %(who)s": "来源：%(who)s",
    "Show the matrices": "显示矩阵",
    "left side": "左边",
    "right side": "右边",
    "This certificate belongs to another statement; nothing can be read off it.": (
        "此证书属于另一条陈述，不能说明任何问题。"
    ),
    "Worst violation seen: %(relative)s relative": "所见最严重的违反：相对量 %(relative)s",
    "says": "原文",
    "should say": "应为",
    "proposed instead": "拟改为",
    "what survives in practice": "在实践中保留下来的",
    "was thought to survive in practice": "曾以为在实践中保留下来的",
    # evidence
    "Proof for all sizes": "对所有尺寸的证明",
    "%(num)s step": "%(num)s 步",
    "Exact proof at listed sizes only": "仅对所列尺寸的精确证明",
    "Search for a counterexample": "反例搜索",
    "%(num)s matrix": "%(num)s 个矩阵",
    "%(num)s recipe": "%(num)s 个配方",
    "smallest margin %(margin)s": "最小裕量 %(margin)s",
    "Sharpest variant that the search told apart: %(what)s": "搜索能够区分的最精细变体：%(what)s",
    "Coverage classes visited:": "已覆盖的类别：",
    "the picture and the numbers are those of": "图与数据同",
    "the networks of": "网络同",
    "not visited": "未访问",
    "suspects": "可疑",
    "rounding artefacts, cleared": "舍入假象，已排除",
    "ties": "相等",
    "undecided": "未决",
    "not examined": "未复查",
    "not finite": "非有限值",
    "Mutants": "变体",
    "%(killed)s killed, %(implied)s implied, %(surviving)s surviving": (
        "%(killed)s 个被否证，%(implied)s 个被蕴含，%(surviving)s 个存活"
    ),
    "Measurement": "测量",
    "held in %(held)s of %(of)s": "%(of)s 次中成立 %(held)s 次",
    "95%% interval %(low)s to %(high)s, threshold %(threshold)s": "95%% 区间 %(low)s 至 %(high)s，阈值 %(threshold)s",
    "Share %(held)s of %(of)s, interval from %(low)s to %(high)s, threshold %(threshold)s": (
        "比例 %(held)s / %(of)s，区间 %(low)s 至 %(high)s，阈值 %(threshold)s"
    ),
    "The witness does not satisfy the hypotheses": "所给实例不满足假设",
    "Does not type-check": "类型不符",
    "A check did not finish": "有检验未完成",
    "Counterexample proposed, not certified": "提出的反例，未认证",
    # how to cite
    "May be cited as stated: every main part is proved for all sizes in scope.": (
        "可按原文引用：每个主要部分都已对范围内所有尺寸得到证明。"
    ),
    "May be cited as a statement without known counterexample; it has been searched, not proved.": (
        "可作为尚无已知反例的陈述引用；它经过搜索，未经证明。"
    ),
    "May be cited as an observation on the networks measured here, not as a theorem.": (
        "可作为对此处所测网络的观察引用，不可作为定理。"
    ),
    "Not to be relied on yet: the evidence does not decide every main part.": (
        "暂不可依赖：证据尚不能判定每个主要部分。"
    ),
    "Not to be cited: it was measured on trained networks and did not hold.": (
        "不可引用：在训练好的网络上测量过，不成立。"
    ),
    "Not to be cited before it is given a definite meaning.": "在获得确定含义之前不可引用。",
    "Not to be cited as stated: a certified counterexample exists.": "不可按原文引用：存在经认证的反例。",
    "Cite the corrected form %(parts)s instead, which is proved.": "请改引已得到证明的更正形式 %(parts)s。",
    "The corrected form %(parts)s has no known counterexample.": "更正形式 %(parts)s 尚无已知反例。",
    "What remains is an observation on the networks measured: %(parts)s.": "保留下来的是对所测网络的观察：%(parts)s。",
    "Mind the caveat %(parts)s, which does not hold as stated.": "注意附带部分 %(parts)s：按原文表述不成立。",
    "Nothing can be said: this claim has not been put on trial.": "无从谈起：这条命题尚未经过检验。",
    # graph, pictures, errata, filters
    "%(claims)s claims, %(parts)s parts shown": "显示 %(claims)s 条命题、%(parts)s 个部分",
    "%(num)s finding": "%(num)s 处问题",
    "%(num)s network": "%(num)s 个网络",
    "%(visited)s of %(all)s coverage classes": "%(all)s 个覆盖类别中访问了 %(visited)s 个",
    "A main assertion fails as stated; a corrected form of it is proved.": (
        "某个主要断言按原文不成立；其更正形式已得到证明。"
    ),
    "A main assertion fails, and no corrected form of it is proved.": "某个主要断言不成立，且没有已证明的更正形式。",
    "A proof beside something refuted, or a formula that its source does not state: the encoding or a tool is wrong.": (
        "证明与被否证者并存，或公式并非其文献所述：编码或工具有误。"
    ),
    "A proof that covers every size.": "覆盖所有尺寸的证明。",
    "A search, or exact proofs at listed sizes.": "搜索，或对所列尺寸的精确证明。",
    "An edge case, a reading or a consequence fails; the main assertion does not rest on it.": (
        "边界情形、某种解读或推论不成立；主要断言不依赖于它。"
    ),
    "Another: %(values)s": "另一例：%(values)s",
    "Collapse all": "全部折叠",
    "Expand all": "全部展开",
    "Conflict: a proof beside something refuted, or a formula that its source does not state. The encoding or a "
    "tool is wrong.": ("冲突：证明与被否证者并存，或公式并非其文献所述。编码或工具有误。"),
    "Dots: trained networks. Upright strokes: random matrices, or the same networks before training": (
        "圆点：训练好的网络。竖线：随机矩阵，或训练前的同一网络"
    ),
    "Effective rank of attention over d, against n/d": "注意力的有效秩与 d 之比，相对于 n/d",
    "Errata": "勘误",
    "Every finding below carries exact numbers or a measurement, and a command that repeats the trial. Written "
    "by verify from its ledger; nothing was recomputed.": (
        "以下每一处都附有精确数值或测量结果，以及可重复检验的命令。由 verify 根据其台账写出，未作任何重新计算。"
    ),
    "Exact numbers that break it, or shapes that do not fit.": "使其不成立的精确数值，或不匹配的形状。",
    "Filter the claims": "筛选命题",
    "Boxes: %(boxes)s; lines: %(lines)s": "方框：%(boxes)s；连线：%(lines)s",
    "Foundations": "基础",
    "How close the searches came to breaking a part": "各次搜索距违反有多近",
    "Illustration": "图示",
    "Rests on theorems": "所依据的定理：",
    "Dotted straight lines: %(where)s": "点状直线：%(where)s",
    "between one layer and the next": "相邻两层之间",
    "Values at or below 0 have no place on a logarithmic axis: %(count)s are left out": (
        "对数坐标轴上没有非正值的位置：略去 %(count)s 个"
    ),
    "as in the proof of": "同此部分的证明：",
    "attention map": "注意力图",
    "computed from formulas; no verdict reads it": "由公式算得；不参与任何判定",
    "dashed: formula": "虚线：公式",
    "dotted: null model, or bound": "点线：零模型或界",
    "formula %(number)s of the statement": "陈述中的第 %(number)s 式",
    "margin": "裕量",
    "networks": "网络",
    "The same: %(certified)s": "同一反例：%(certified)s",
    "solid: measured": "实线：实测",
    "In short, by severity": "摘要（按严重程度）",
    "In full, in the order of the text": "详情（按原文顺序）",
    "It says": "原文称",
    "Kind": "类别",
    "Leans on": "依赖于",
    "Measured on trained networks.": "在训练好的网络上测量。",
    "Measured, beside the null model": "测量结果与零模型",
    "Nothing decides it yet.": "尚无可判定它的证据。",
    "Nothing to correct: no part was found false, without meaning, or contrary to measurement.": (
        "无需更正：没有发现不成立、无意义或与测量相反的部分。"
    ),
    "One box a claim, a column a subsection, in the order of the text; lines lead to what a claim leans on. The "
    "colour of a box is the claim's verdict: whether its statement is sound. The bar at its foot is the strength "
    "of what decides its parts. A thick dashed edge of a box: it leans, directly or not, on something that is "
    "not proved.": (
        "每个方框为一条命题，每列为一小节，按原文次序排列；连线通向命题所依赖者。方框颜色是命题的结论：陈述是否成立。底部色条是判定其各部分的证据强度。粗虚线边框：它直接或间接依赖于未经证明者。"
    ),
    "Proposed replacement": "建议改为",
    "Right side less left side, scaled, at the instance that came closest to breaking its part; one a search": (
        "右边减左边（经缩放），取最接近违反该部分的实例；每次搜索一个"
    ),
    "Severity": "严重程度",
    "Signs and sizes of the entries of %(name)s": "%(name)s 各元素的符号与大小",
    "Smallest margins of the searches": "各次搜索的最小裕量",
    "Subsection": "小节",
    "Text": "文字",
    "The errata to send to an author are written beside this page: %(file)s.": "可寄给作者的勘误写在本页旁：%(file)s。",
    "The formula is not that of its source": "公式并非其文献所述",
    "The formula is that of its source": "公式与其文献所述一致",
    "the statement": "即所述命题",
    "The numbers as a table": "数据表",
    "The same as a list": "以列表显示",
    "Theorems that the proofs rest on": "证明所依据的定理",
    "To check every certificate of this claim again, alone:": "单独复查此命题的每个证书：",
    "To verify": "如何验证",
    "What is wrong": "问题所在",
    "What leans on what": "依赖关系",
    "What remains": "保留下来的",
    "Witness": "实例",
    "all": "全部",
    "breaks formula %(number)s": "违反第 %(number)s 式",
    "certified counterexample": "经认证的反例",
    "compared with the source": "已与文献核对",
    "in formula %(number)s,": "在第 %(number)s 式中，",
    "leans on": "依赖于",
    "left %(sign)s right fails": "左 %(sign)s 右 不成立",
    "left side %(left)s, right side %(right)s": "左边 %(left)s，右边 %(right)s",
    "line %(line)s of %(file)s": "%(file)s 第 %(line)s 行",
    "measurement": "测量",
    "minor": "轻微",
    "moderate": "中等",
    "none is known": "尚无",
    "not all of it proved": "并非全部得到证明",
    "not compared with the source itself": "未与文献原文核对",
    "open": "未定",
    "proof for all sizes": "对所有尺寸的证明",
    "search without counterexample": "搜索未见反例",
    "searches": "搜索次数",
    "serious": "严重",
    "this is not the text that was encoded: the verdicts may not speak about it": (
        "这不是编码时的文本：结论可能与它无关"
    ),
    "what remains": "保留下来的",
    "where": "其中",
    "without": "去掉",
    "%(num)s item differs from the text that was encoded: %(names)s.": "有 %(num)s 条与编码时的文本不同：%(names)s。",
}
