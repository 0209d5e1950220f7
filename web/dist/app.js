var h,Lt,et,K,Xe,xe,Ht,we,$t,tt,Qe,ii,le=Symbol.for("pv"),Ee={},Te=[],oi=/^m(i|n|o|s|text|space)$/,nt=Array.isArray,it=Te.slice,Q=Object.assign;function X(n){n&&
n.parentNode&&n.remove()}function It(n,e,t){var i,o,r,s={},a=arguments.length;for(r in e)r=="key"?i=e[r]:r=="ref"&&typeof n!="function"?o=e[r]:s[r]=e[r];return a>
2&&(s.children=a>3?it.call(arguments,2):t),ae(n,s,i,o,null)}function ae(n,e,t,i,o){var r={type:n,props:e,key:t,ref:i,__k:null,__:null,__b:0,__e:null,__c:null,constructor:le,__v:o||++Lt,__i:-1,__u:0};return!o&&h.vnode&&h.
vnode(r),r}function E(n){return n.children}function G(n,e){this.props=n,this.context=e,this.__g=0}function z(n,e){if(e==null)return n.__&&z(n.__,n.__i+1);for(var t;e<n.__k.
length;e++)if((t=n.__k[e])&&t.__e)return t.__e;return typeof n.type!="function"||n.props.__P?null:z(n)}function ri(n){var e,t=n.__v,i=t.__e,o=[],r=[],s=n.__P;s&&
((e=Q({constructor:le},t)).__v=t.__v+1,h.vnode&&h.vnode(e),ot(s,e,t,n.__n,s.namespaceURI,32&t.__u?[i]:null,o,i||z(t),32&t.__u,r),e.__v=t.__v,e.__.__k[e.__i]=e,qt(
o,e,r),t.__=t.__e=null,e.__e!=i&&Dt(e))}function Dt(n){if((n=n.__)&&n.__c&&!n.props.__P)return n.__e=null,n.__k.some(function(e){return e&&(n.__e=e.__e)}),Dt(n)}
function At(n){(8&n.__g||(n.__g|=8,K.push(n),xe++))&&Xe==h.debounceRendering||((Xe=h.debounceRendering)||queueMicrotask)(Nt)}function Nt(){try{for(var n,e=1;K.length;)
K.length>e&&K.sort(Ht),n=K.shift(),e=K.length,8&n.__g&&ri(n)}finally{(xe=K.length)&&(Xe||queueMicrotask)(Nt)}}function Ft(n,e,t,i,o,r,s,a,c,f,d){var y,g,u,m,M,_,
w=i.__k||Te,v=e.length;for(c=si(t,e,w,c,v),y=0;y<v;y++)(u=t.__k[y])!=null&&(g=~u.__i&&w[u.__i]||Ee,u.__i=y,_=ot(n,u,g,o,r,s,a,c,f,d),m=u.__e,(g.ref!=u.ref||8&g.
__u)&&(g.ref&&rt(g.ref,null,u,g),u.ref&&d.push(u.ref,u.__c||m,u)),M=M||m,4&u.__u?(c=jt(u,c,n,!g.__v),g.__e&&(g.__e=null)):typeof u.type=="function"&&_!==void 0?
c=_:m&&(c=m.nextSibling),u.__u&=-21);return t.__e=M,c}function si(n,e,t,i,o){var r,s,a,c,f,d,y,g,u,m=t.length,M=m,_=0,w=0,v=n.__k=Array(o);for(r=0;r<o;r++)(s=e[r])!=
null&&typeof s!="boolean"&&typeof s!="function"?(typeof s!="object"||s.constructor===String?s=v[r]=ae(null,s):nt(s)?s=v[r]=ae(E,{children:s}):s.constructor===le&&
s.__b?s=v[r]=ae(s.type,s.props,s.key,s.ref,s.__v):v[r]=s,c=r+_,s.__=n,s.__b=n.__b+1,a=null,~(f=s.__i=ai(s,t,c,M))&&(M--,(a=t[f])&&(a.__u|=2)),a&&a.__v?(s.__u|=16,
f==c-1?_--:f==c+1?_++:f!=c&&(f>c?_--:_++,w=1)):(~f||(o>m?_--:o<m&&_++),typeof s.type!="function"&&(s.__u|=4))):v[r]=null;if(w){for(d=[],y=[],r=0;r<o;r++)if((s=v[r])&&
16&s.__u){for(_=0,g=d.length;_<g;)d[u=_+g>>1]<s.__i?_=u+1:g=u;d[_]=s.__i,y[r]=_+1}for(_=d.length;r--;)y[r]&&(y[r]==_?_--:v[r].__u|=4)}if(M)for(r=0;r<m;r++)!(a=t[r])||
2&a.__u||(a.__e==i&&(i=z(a)),st(a,a));return i}function jt(n,e,t,i){var o,r,s,a;if(typeof n.type=="function"){if(n.props.__P)return e;if(o=n.__k)for(r=0;r<o.length;r++)
o[r]&&(o[r].__=n,e=jt(o[r],e,t,!1));return e}for(e&&!e.parentNode&&(e=z(n))&&!e.parentNode&&(e=null),s=n.__e,a=e;a&&a.nodeType==8;)a=a.nextSibling;for(s!=a&&(!i&&
t.moveBefore&&s.parentNode?t.moveBefore(s,e):t.insertBefore(s,e||null)),e=s;(e=e&&e.nextSibling)&&e.nodeType==8&&!e.data.startsWith("$s"););return e}function ai(n,e,t,i){var o,r=n.key,s=n.type,a=e[t],c=a&&!(2&a.__u);if(a===null&&r==null||c&&r==a.key&&s==a.type)return t;if(i>(c?1:0)){for(o=t-1;o>=0;o--)if((a=
e[o])&&!(2&a.__u)&&r==a.key&&s==a.type)return o;for(o=t+1;o<e.length;o++)if((a=e[o])&&!(2&a.__u)&&r==a.key&&s==a.type)return o}return-1}function Ot(n,e,t){t==null&&
(t=""),e[0]=="-"?n.setProperty(e,t):n[e]=t}function be(n,e,t,i,o){var r,s;if(e=="style")if(typeof t=="string")n.style.cssText=t;else{if(typeof i=="string"&&(n.style.
cssText=i=""),i)for(e in i)t&&e in t||Ot(n.style,e);if(t)for(e in t)i&&t[e]==i[e]||Ot(n.style,e,t[e])}else if(e[0]=="o"&&e[1]=="n")typeof t!="function"&&(t=null),
typeof i!="function"&&(i=null),(n.__e||(n.__e={}))[e]=t,t&&i||(s=Qe[e]||(Qe[e]=li(e)),(n.__a||(n.__a={}))[e]=tt,r=e!=(e=e.replace($t,"$1")),(e=e.slice(2))[0]<"a"&&
(e=e.toLowerCase()),t?n.addEventListener(e,s,r):n.removeEventListener(e,s,r));else{if(o=="http://www.w3.org/2000/svg")e=e.replace(/xlink(H|:h)/,"h").replace(/sName$/,
"s");else if(e!="width"&&e!="height"&&e!="href"&&e!="list"&&e!="form"&&e!="tabIndex"&&e!="download"&&e!="rowSpan"&&e!="colSpan"&&e!="role"&&e!="popover"&&e in n)
try{return void(n[e]=t??"")}catch{}if(typeof t=="function")return;t==null||t===!1&&e[4]!="-"?n.removeAttribute(e):n.setAttribute(e,e=="popover"&&t==1?"":t)}}function li(n){
return function(e){var t=this.__e;if(t){if(t=t[n],e[we]==null)e[we]=tt++;else if(e[we]<this.__a[n])return;return t(h.event?h.event(e):e)}}}function ot(n,e,t,i,o,r,s,a,c,f){
var d,y,g,u,m,M,_,w,v,A,x,Ye,Pt,ye,Z,Mt,V,Y,j=e.type;if(e.constructor!==le)return null;128&t.__u&&(c=32&t.__u,d=t.__c.__z)&&(e.__u|=c,y=r=[],d.nodeType==8?a=ke(
d,r):r.push(d),a=r[0]||a),(d=h.__b)&&d(e);e:if(typeof j=="function"){g=s.length;try{if(w=e.props,v=(d=j.prototype)&&d.render,A=(d=j.contextType)&&i[d.__c],x=d?A?
A.props.value:d.__:i,(u=t.__c)?(e.__c=u,2&u.__g&&(u.__g|=1)):(v?e.__c=u=new j(w,x):(e.__c=u=new G(w,x),u.constructor=j,u.render=ci),A&&A.sub(u),u.state||(u.state=
{}),u.__n=i,u.__g|=8,u.__h=[],u.__k=[]),v&&(u.__s||(u.__s=u.state),j.getDerivedStateFromProps&&(u.__s==u.state&&(u.__s=Q({},u.__s)),Q(u.__s,j.getDerivedStateFromProps(
w,u.__s)))),m=u.props,M=u.state,u.__v=e,t.__c){if(w!==m&&v&&!j.getDerivedStateFromProps&&u.componentWillReceiveProps&&u.componentWillReceiveProps(w,x),e.__v==t.
__v&&!(8&u.__g)||!(4&u.__g)&&u.shouldComponentUpdate&&u.shouldComponentUpdate(w,u.__s,x)===!1){e.__v!=t.__v&&(u.props=w,u.state=u.__s,u.__g&=-9),e.__e=t.__e,e.__k=
t.__k,e.__k.some(function($){$&&($.__=e)}),Te.push.apply(u.__h,u.__k),u.__k=[],u.__h.length&&s.push(u),a=z(t);break e}u.componentWillUpdate&&u.componentWillUpdate(
w,u.__s,x),v&&u.componentDidUpdate&&u.__h.push(function(){u.componentDidUpdate(m,M,_)})}else v&&!j.getDerivedStateFromProps&&u.componentWillMount&&u.componentWillMount(),
v&&u.componentDidMount&&u.__h.push(u.componentDidMount);u.context=x,u.props=w,u.__P=n,u.__g&=-5,Ye=h.__r,Pt=v?25:0;do u.__g&=-9,Ye&&Ye(e),d=u.render(u.props,u.state=
u.__s,u.context);while(8&u.__g&&++Pt<25);v&&(Te.push.apply(u.__h,u.__k),u.__k=[]),u.state=u.__s,u.getChildContext&&(i=Q({},i,u.getChildContext())),v&&t.__c&&u.getSnapshotBeforeUpdate&&
(_=u.getSnapshotBeforeUpdate(m,M)),ye=d&&d.type===E&&d.key==null?d.props.children:d,w.__P&&(d=a,o=(n=w.__P).namespaceURI,c=r=null,t.props&&t.props.__P!=n&&(t.__k.
some(function($){$&&st($,$)}),t.__k=null),a=t.__k?z(t,0):null),a=Ft(n,nt(ye)?ye:[ye],e,t,i,o,r,s,a,c,f),w.__P&&(e.__e=null,a=d),e.__u&=-161,y&&y.some(X),u.__h.length&&
s.push(u),1&u.__g&&(u.__g&=-4)}catch($){if(s.length=g,e.__v=null,c||r)if($&&$.then){if(e.__u|=128|c,r){for(~(V=r.indexOf(a||void 0))||(V=r.length);(Y=r[V-1])&&Y.
nodeType==8;)V--;for(;V<r.length;V++)if(Y=r[V])if(r[V]=null,Z){if(Y==Mt)break}else{if(Y.nodeType!=8)break;Y.data.startsWith("$s")&&(Mt=ke(Z=Y))}}if(!Z){for(;a&&
a.nodeType==8&&a.nextSibling;)a=a.nextSibling;Z=a}(d=ke(Z=e.__c.__z||(e.__c.__z=Z)))?(e.__e=Z,a=d):e.__e=a,a=a&&a.nextSibling}else r&&r.some(X);else e.__e=t.__e;
e.__k||(e.__k=t.__k||[]),$&&$.then||Ut(e),h.__e($,e,t)}}else a=e.__e=ui(t.__e,e,t,i,o,r,s,c,f,n);return(d=h.diffed)&&d(e),a}function ke(n,e){if(n&&n.nodeType==8&&
n.data.startsWith("$s"))for(var t=1;n=n.nextSibling;){if(n.nodeType==8){if(n.data.startsWith("$s"))t++;else if(n.data.startsWith("/$s")&&!--t)return n}e&&e.push(
n)}}function Ut(n){n&&(n.__c&&(n.__c.__g|=4),n.__k&&n.__k.some(Ut))}function qt(n,e,t){for(var i=0;i<t.length;)rt(t[i++],t[i++],t[i++]);h.__c&&h.__c(e,n),n.some(
function(o){try{n=o.__h,o.__h=[],n.some(function(r){r.call(o)})}catch(r){h.__e(r,o.__v)}})}function ui(n,e,t,i,o,r,s,a,c,f){var d,y,g,u,m,M,_,w,v=t.props||Ee,A=e.
props,x=e.type;if(x=="svg"?o="http://www.w3.org/2000/svg":x=="math"?o="http://www.w3.org/1998/Math/MathML":o||(o="http://www.w3.org/1999/xhtml"),r){for(d=0;d<r.
length;d++)if((m=r[d])&&(x?m.localName==x:m.nodeType==3)){n=m,r[d]=null;break}}if(!n){if(w=f.ownerDocument||document,!x)return w.createTextNode(A);n=w.createElementNS(
o,x,A.is?A:f),a&&(h.__m&&h.__m(e,r),a=!1),r=null}if(x){if(f=x=="template"&&n.content||n,r=x=="textarea"&&A.defaultValue!=null?null:r&&it.call(f.childNodes),!a&&
r)for(v={},d=0;d<n.attributes.length;d++)v[(m=n.attributes[d]).name]=m.value;for(d in v)m=v[d],d=="dangerouslySetInnerHTML"?g=m:d=="children"||d in A||d=="value"&&
"defaultValue"in A||d=="checked"&&"defaultChecked"in A||be(n,d,null,m,o);for(d in A)m=A[d],d=="children"?u=m:d=="dangerouslySetInnerHTML"?y=m:d=="value"?M=m:d==
"checked"?_=m:a&&typeof m!="function"||v[d]===m||be(n,d,m,v[d],o);y?(a||g&&(y.__html==g.__html||y.__html==n.innerHTML)||(n.innerHTML=y.__html),e.__k=[]):(g&&(n.
textContent=""),(x=="foreignObject"||o=="http://www.w3.org/1998/Math/MathML"&&oi.test(x))&&(o="http://www.w3.org/1999/xhtml"),Ft(f,nt(u)?u:[u],e,t,i,o,r,s,r?r[0]:
t.__k&&z(t,0),a,c),r&&r.some(X)),a&&x!="textarea"||(d="value",x=="progress"&&M==null?n.removeAttribute(d):M==null||M===n[d]&&(x!="progress"||M)||be(n,d,M,v[d],o),
d="checked",_!=null&&_!=n[d]&&be(n,d,_,v[d],o))}else v===A||a&&n.data==A||(n.data=A);return n}function rt(n,e,t,i){try{typeof n=="function"?e?e.__x=n(e)||1:i&&(i=
i.__c||i.__e)&&(e=i.__x)&&(i.__x=null,typeof e=="function"?e():n(null)):n.current=e}catch(o){h.__e(o,t)}}function st(n,e,t){var i,o,r,s;if(h.unmount&&h.unmount(
n),!(i=n.ref)||i.current&&i.current!=n.__e||rt(i,null,e,n),i=n.__c){if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(a){h.__e(a,e)}i.__P=i.__n=null}
if(i=n.__k)for(s=0;s<i.length;s++)i[s]&&st(i[s],e,typeof n.type!="function"||t&&!n.props.__P);!t&&(i=n.__c)&&(i=i.__z)&&(o=ke(i,r=[]))&&(i==n.__e&&r.some(X),X(o),
X(i)),t||X(n.__e),n.__e=n.__c=n.__=null}function ci(n,e,t){return this.constructor(n,t)}function Bt(n,e){var t,i,o,r;h.__&&h.__(n,e),e.nodeType==9&&(e=e.documentElement),
i=(t=n&&32&n.__u)?null:e.__k,e.__k=ae(E,{children:[n]}),o=[],r=[],ot(e,e.__k,i||Ee,Ee,e.namespaceURI,i?null:e.firstChild?it.call(e.childNodes):null,o,i?i.__e:e.
firstChild,t,r),qt(o,e.__k,r),e.__k.props.children=null}h={__e:function(n,e,t,i){for(var o,r,s;e=e.__;)if((o=e.__c)&&!(1&o.__g)){o.__g|=4;try{if((s=(r=o.constructor)&&r.getDerivedStateFromError)&&o.setState(r.getDerivedStateFromError(
n)),o.componentDidCatch&&(o.componentDidCatch(n,i||{}),s=1),s&&8&o.__g)return void(o.__g|=2)}catch(a){n=a}}throw xe=0,n}},Lt=0,et=function(n){return n!=null&&n.
constructor===le},G.prototype.setState=function(n,e){var t=this.__s;t&&t!=this.state||(t=this.__s=Q({},this.state)),typeof n=="function"&&(n=n(Q({},t),this.props)),
n&&(Q(t,n),this.__v&&(e&&this.__k.push(e),At(this)))},G.prototype.forceUpdate=function(n){this.__v&&(this.__g|=4,n&&this.__h.push(n),At(this))},G.prototype.render=
E,K=[],xe=0,Ht=function(n,e){return n.__v.__b-e.__v.__b},we=Symbol(),$t=/(PointerCapture)$|Capture$/i,tt=0,Qe={},ii=0;var ce,O,at,Wt,di=Object.is,lt=0,Qt=[],ut=[],T=h,Vt=T.__b,Kt=T.__r,Gt=T.diffed,zt=T.__c,Jt=T.unmount,Zt=T.__;function dt(n,e){T.__h&&T.__h(O,n,lt||e),lt=0;var t=O.
__H||(O.__H={__:[],__h:[]});return n>=t.__.length&&t.__.push({}),t.__[n]}function de(n,e){var t=dt(ce++,3);!T.__s&&ft(t.__H,e)&&(t.__P=!0,t.__=n,t.u=e,O.__H.__h.push(t))}function J(n,e){var t=dt(ce++,4);!T.__s&&ft(t.__H,e)&&(t.__P=!1,
t.__=n,t.u=e,O.__h.push(t))}function N(n){return lt=5,ne(function(){return{current:n}},[])}function ne(n,e){var t=dt(ce++,7);return ft(t.__H,e)&&(t.__=n(),t.__H=e),t.__}function fi(){var n;do{for(;n=ut.shift();)try{ue(n)}catch(t){T.__e(t,{__:(n=n.__P)&&n.__v})}for(;n=Qt.shift();){var e=n.__H;if(n.__P&&e)try{e.__h.some(ue),e.__h.
some(ct),e.__h=[]}catch(t){e.__h=[],T.__e(t,n.__v)}}}while(ut.length)}T.__b=function(n){O=null,Vt&&Vt(n)},T.__=function(n,e){n&&e.__k&&e.__k.__m&&(n.__m=e.__k.__m),
Zt&&Zt(n,e)},T.__r=function(n){Kt&&Kt(n),ce=0;var e=(O=n.__c).__H;e&&(at==O?O.__h=[]:(e.__h.some(ue),e.__h.some(ct),ce=0),e.__h=[],e.__.some(function(t){t.__N&&
(t.__=t.__N),t.u=t.__N=void 0})),at=O},T.diffed=function(n){Gt&&Gt(n);var e=n.__c;e&&e.__H&&(e.__H.__h.length&&Xt(Qt.push(e)),e.__H.__.some(function(t){t.u&&(t.
__H=t.u)})),at=O=null},T.__c=function(n,e){e.some(function(t){try{t.__h.some(ue),t.__h=t.__h.filter(function(i){return!i.__||ct(i)})}catch(i){t.__h=[function(){
throw i}]}}),zt&&zt(n,e)},T.unmount=function(n){Jt&&Jt(n);var e,t,i=n.__c;i&&i.__H&&(i.__H.__.some(function(o){try{if(o.__P&&o.__c){if(t===void 0){for(t=n.__;t&&
(!t.__c||!t.__c.__P);)t=t.__;t=t&&t.__c}o.__P=t,Xt(ut.push(o))}else ue(o)}catch(r){e=r}}),i.__H=void 0,e&&T.__e(e,i.__v))};var Yt=typeof requestAnimationFrame==
"function";function mi(n){var e,t=function(){clearTimeout(i),Yt&&cancelAnimationFrame(e),setTimeout(n)},i=setTimeout(t,35);Yt&&(e=requestAnimationFrame(t))}function Xt(n){
n!=1&&Wt==T.requestAnimationFrame||((Wt=T.requestAnimationFrame)||mi)(fi)}function ue(n){var e=O,t=n.__c;typeof t=="function"&&(n.__c=void 0,t()),O=e}function ct(n){
var e=O;n.__c=n.__(),O=e}function ft(n,e){return!n||n.length!=e.length||e.some(function(t,i){return!di(t,n[i])})}var hi=Symbol.for("preact-signals");function Pe(){if(U>1)U--;else{var n,e=!1;for((function(){var o=Ce;for(Ce=void 0;o!==void 0;){var r=o.S;if(r.v===o.v)for(var s=r.
t;s!==void 0;s=s.x)s.i===o.i&&(s.i=r.i);o=o.o}})();me!==void 0;){var t=me;for(me=void 0,Se++;t!==void 0;){var i=t.u;if(t.u=void 0,t.f&=-3,!(8&t.f)&&tn(t))try{t.
c()}catch(o){e||(n=o,e=!0)}t=i}}if(Se=0,U--,e)throw n}}function he(n){if(U>0)return n();mt=++pi,U++;try{return n()}finally{Pe()}}var fe,b=void 0;function pe(n){
var e=b,t=fe;b=void 0,fe=void 0;try{return n()}finally{b=e,fe=t}}var me=void 0,U=0,Se=0,pi=0,mt=0,Ce=void 0,Re=0;function en(n){if(b!==void 0){var e=n.n;if(e===
void 0||e.t!==b)return e={i:0,S:n,p:b.s,n:void 0,t:b,e:void 0,x:void 0,r:e},b.s!==void 0&&(b.s.n=e),b.s=e,n.n=e,32&b.f&&n.S(e),e;if(e.i===-1)return e.i=0,e.n!==
void 0&&(e.n.p=e.p,e.p!==void 0&&(e.p.n=e.n),e.p=b.s,e.n=void 0,b.s.n=e,b.s=e),e}}function P(n,e){this.v=n,this.i=0,this.n=void 0,this.t=void 0,this.l=0,this.W=
e?.watched,this.Z=e?.unwatched,this.name=e?.name}P.prototype.brand=hi;P.prototype.h=function(){return!0};P.prototype.S=function(n){var e=this,t=this.t;t!==n&&n.
e===void 0&&(n.x=t,this.t=n,t!==void 0?t.e=n:pe(function(){var i;(i=e.W)==null||i.call(e)}))};P.prototype.U=function(n){var e=this;if(this.t!==void 0){var t=n.e,
i=n.x;t!==void 0&&(t.x=i,n.e=void 0),i!==void 0&&(i.e=t,n.x=void 0),n===this.t&&(this.t=i,i===void 0&&pe(function(){var o;(o=e.Z)==null||o.call(e)}))}};P.prototype.
subscribe=function(n){var e=this;return q(function(){var t=e.value;pe(function(){return n(t)})},{name:"sub"})};P.prototype.valueOf=function(){return this.value};
P.prototype.toString=function(){return this.value+""};P.prototype.toJSON=function(){return this.value};P.prototype.peek=function(){var n=this;return pe(function(){
return n.value})};Object.defineProperty(P.prototype,"value",{get:function(){var n=en(this);return n!==void 0&&(n.i=this.i),this.v},set:function(n){if(n!==this.v){
if(Se>100)throw new Error("Cycle detected");(function(t){U!==0&&Se===0&&t.l!==mt&&(t.l=mt,Ce={S:t,v:t.v,i:t.i,o:Ce})})(this),this.v=n,this.i++,Re++,U++;try{for(var e=this.
t;e!==void 0;e=e.x)e.t.N()}finally{Pe()}}}});function p(n,e){return new P(n,e)}function tn(n){for(var e=n.s;e!==void 0;e=e.n)if(e.S.i!==e.i||!e.S.h()||e.S.i!==e.
i)return!0;return!1}function nn(n){for(var e=n.s;e!==void 0;e=e.n){var t=e.S.n;if(t!==void 0&&(e.r=t),e.S.n=e,e.i=-1,e.n===void 0){n.s=e;break}}}function on(n){
for(var e=n.s,t=void 0;e!==void 0;){var i=e.p;e.i===-1?(e.S.U(e),i!==void 0&&(i.n=e.n),e.n!==void 0&&(e.n.p=i)):t=e,e.S.n=e.r,e.r!==void 0&&(e.r=void 0),e=i}n.s=
t}function ee(n,e){P.call(this,void 0,e),this.x=n,this.s=void 0,this.g=Re-1,this.f=4}ee.prototype=new P;ee.prototype.h=function(){if(this.f&=-3,1&this.f)return!1;
if((36&this.f)==32||(this.f&=-5,this.g===Re))return!0;if(this.g=Re,this.f|=1,this.i>0&&!tn(this))return this.f&=-2,!0;var n=b;try{nn(this),b=this;var e=this.x();
(16&this.f||this.v!==e||this.i===0)&&(this.v=e,this.f&=-17,this.i++)}catch(t){this.v=t,this.f|=16,this.i++}return b=n,on(this),this.f&=-2,!0};ee.prototype.S=function(n){
if(this.t===void 0){this.f|=36;for(var e=this.s;e!==void 0;e=e.n)e.S.S(e)}P.prototype.S.call(this,n)};ee.prototype.U=function(n){if(this.t!==void 0&&(P.prototype.
U.call(this,n),this.t===void 0)){this.f&=-33;for(var e=this.s;e!==void 0;e=e.n)e.S.U(e)}};ee.prototype.N=function(){if(!(2&this.f)){this.f|=6;for(var n=this.t;n!==
void 0;n=n.x)n.t.N()}};Object.defineProperty(ee.prototype,"value",{get:function(){if(1&this.f)throw new Error("Cycle detected");var n=en(this);if(this.h(),n!==void 0&&
(n.i=this.i),16&this.f)throw this.v;return this.v}});function ie(n,e){return new ee(n,e)}function rn(n){var e=n.j;if(n.j=void 0,typeof e=="function"){U++;var t=b;
b=void 0;try{e()}catch(i){throw n.f&=-2,n.f|=8,ht(n),i}finally{b=t,Pe()}}}function ht(n){for(var e=n.s;e!==void 0;e=e.n)e.S.U(e);n.x=void 0,n.s=void 0,rn(n)}function vi(n){
if(b!==this)throw new Error("Out-of-order effect");on(this),b=n,this.f&=-2;try{8&this.f&&ht(this)}finally{Pe()}}function oe(n,e){this.x=n,this.j=void 0,this.s=void 0,
this.u=void 0,this.f=32,this.name=e?.name,fe&&fe.push(this)}oe.prototype.c=function(){var n=this.S();try{if(8&this.f||this.x===void 0)return;var e=this.x();typeof e==
"function"&&(this.j=e)}finally{n()}};oe.prototype.S=function(){if(1&this.f)throw new Error("Cycle detected");this.f|=1,this.f&=-9,rn(this),nn(this),U++;var n=b;
return b=this,vi.bind(this,n)};oe.prototype.N=function(){2&this.f||(this.f|=2,this.u=me,me=this)};oe.prototype.d=function(){this.f|=8,1&this.f||ht(this)};oe.prototype.
dispose=function(){this.d()};function q(n,e){var t=new oe(n,e);try{t.c()}catch(o){throw t.d(),o}var i=t.d.bind(t);return i[Symbol.dispose]=i,i}var sn,Ae,Me,gi=typeof window<"u"&&!!window.__PREACT_SIGNALS_DEVTOOLS__;var an=[];q(function(){sn=this.N})();function re(n,e){h[n]=e.bind(null,h[n]||function(){})}function ve(n){if(Me){var e=Me;Me=void 0,e()}Me=n&&n.S()}function ln(n){
var e=this,t=n.data,i=H(t);i.name="ReactiveDom",i.value=t;var o=ne(function(){for(var a=e,c=e.__v;c=c.__;)if(c.__c){c.__c.__$f|=4;break}var f=ie(function(){var u=i.
value.value;return u===0?0:u===!0?"":u||""}),d=ie(function(){return!Array.isArray(f.value)&&!et(f.value)}),y=q(function(){if(this.N=un,d.value){var u=f.value;a.
__v&&a.__v.__e&&a.__v.__e.nodeType===3&&(a.__v.__e.data=u)}}),g=e.__$u.d;return e.__$u.d=function(){y(),g.call(this)},[d,f]},[]),r=o[0],s=o[1];return r.value?s.
peek():s.value}ln.displayName="ReactiveTextNode";Object.defineProperties(P.prototype,{constructor:{configurable:!0,value:It(E,null).constructor},type:{configurable:!0,
value:ln},props:{configurable:!0,get:function(){var n=this;return{data:{get value(){return n.value}}}}},__b:{configurable:!0,value:1}});re("__b",function(n,e){if(ve(),
Ae=void 0,typeof e.type=="string"){var t,i=e.props;for(var o in i)if(o!=="children"){var r=i[o];r instanceof P&&(t||(e.__np=t={}),t[o]=r,i[o]=r.peek())}}n(e)});
re("__r",function(n,e){if(n(e),e.type!==E){ve();var t,i=e.__c;i&&(i.__$f&=-2,(t=i.__$u)===void 0&&(i.__$u=t=(function(o,r){var s;return q(function(){s=this},{name:r}),
s.c=o,s})((function(o){return function(){var r;gi&&((r=this.y)==null||r.call(this)),o.__$f|=1,o.setState({})}})(i),typeof e.type=="function"?e.type.displayName||
e.type.name:""))),Ae=i,ve(t)}});re("__e",function(n,e,t,i){ve(),Ae=void 0,n(e,t,i)});re("diffed",function(n,e){ve(),Ae=void 0;var t;if(typeof e.type=="string"&&
(t=e.__e)){var i=e.__np,o=e.props,r=t.U;if(r)for(var s in r){var a=r[s];a===void 0||i&&s in i||(a.d(),r[s]=void 0)}if(i){r||(r={},t.U=r);for(var c in i){var f=r[c],
d=i[c];f===void 0?(f=_i(t,c,d,o),r[c]=f):f.o(d,o)}}}n(e)});function _i(n,e,t,i){var o=e in n&&n.ownerSVGElement===void 0,r=p(t);return{o:function(s,a){r.value=s,
i=a},d:q(function(){this.N=un;var s=r.value.value;i[e]!==s&&(i[e]=s,o?n[e]=s:s!=null&&(s!==!1||e[4]==="-")?n.setAttribute(e,s):n.removeAttribute(e))})}}re("unmo\
unt",function(n,e){if(typeof e.type=="string"){var t=e.__e;if(t){var i=t.U;if(i){t.U=void 0;for(var o in i){var r=i[o];r&&r.d()}}}var s=e.__np;if(s){var a=e.props;
for(var c in s)a[c]=s[c]}e.__np=void 0}else{var f=e.__c;if(f){f.__$f|=8;var d=f.__$u;d&&(f.__$u=void 0,d.d())}}n(e)});re("__h",function(n,e,t,i){i<3&&(e.__$f|=2),
n(e,t,i)});G.prototype.shouldComponentUpdate=function(n,e){if(this.__R)return!0;var t=this.__$u,i=t&&t.s!==void 0;for(var o in e)return!0;if(this.__f||typeof this.
u=="boolean"&&this.u===!0){var r=2&this.__$f;if(!(i||r||4&this.__$f)||1&this.__$f)return!0}else if(!(i||4&this.__$f)||3&this.__$f)return!0;for(var s in n)if(s!==
"__source"&&n[s]!==this.props[s])return!0;for(var a in this.props)if(!(a in n))return!0;return!1};function H(n,e){return ne(function(){return p(n,e)},[])}var yi=function(n){queueMicrotask(function(){queueMicrotask(n)})};function bi(){he(function(){for(var n;n=an.shift();)sn.call(n)})}function un(){an.push(this)===1&&(h.requestAnimationFrame||yi)(bi)}var I=class extends Error{name="Malformed"};function S(n,e){if(typeof n!="object"||n===null||Array.isArray(n))throw new I(`${e} is not an object`);return n}function C(n,e){
let t=n[e];if(typeof t!="string")throw new I(`${e} is not a string`);return t}function k(n,e){let t=n[e];if(typeof t!="number"||!Number.isSafeInteger(t))throw new I(
`${e} is not an integer`);return t}function F(n,e,t){let i=n[e];if(i==null)return[];if(!Array.isArray(i))throw new I(`${e} is not a list`);return i.map(t)}function wi(n){
if(typeof n!="string")throw new I("not a string");return n}function Le(n){let e=S(n,"person");return{id:C(e,"id"),name:C(e,"name")}}function cn(n){let e=S(n,"us\
er"),t={id:C(e,"id"),name:C(e,"name")};return typeof e.kind=="string"&&(t.kind=e.kind),typeof e.role=="string"&&(t.role=e.role),t}function Oe(n){let e=S(n,"room"),
t={id:C(e,"id"),name:C(e,"name"),kind:C(e,"kind")};return typeof e.here=="number"&&(t.here=e.here),e.left===!0&&(t.left=!0),e.deleted===!0&&(t.deleted=!0),t}function dn(n){
let e=S(n,"info"),t={name:C(e,"name"),kind:C(e,"kind"),topic:typeof e.topic=="string"?e.topic:"",members:k(e,"members")};return e.deleted===!0&&(t.deleted=!0),t}
function pt(n,e){let t=S(n,"message"),i={number:k(t,"number"),version:e??k(t,"version"),by:C(t,"by"),text:typeof t.text=="string"?t.text:""};return typeof t.key==
"string"&&(i.key=t.key),typeof t.at=="number"&&(i.at=t.at),typeof t.edited=="number"&&(i.edited=t.edited),t.deleted===!0&&(i.deleted=!0),i}function ki(n){let e=S(
n,"member");return{user:C(e,"user"),name:C(e,"name"),joined:e.joined===!0}}function fn(n){let e=S(n,"change"),t={room:C(e,"room"),version:k(e,"version")};return e.
message!==void 0&&(t.message=pt(e.message,t.version)),e.member!==void 0&&(t.member=ki(e.member)),e.members!==void 0&&(t.members=k(e,"members")),e.info!==void 0&&
(t.info=dn(e.info)),t}function te(n){let e=S(n,"opened"),t={room:C(e,"room"),epoch:C(e,"epoch"),version:k(e,"version"),number:k(e,"number"),reset:e.reset===!0,changes:F(
e,"changes",fn),member:e.member===!0,messages:F(e,"messages",i=>pt(i)),people:F(e,"people",Le),more:e.more===!0};if(e.info!==void 0&&(t.info=dn(e.info)),t.reset&&
!t.info)throw new I("a reset without info");return t}function mn(n){let e=S(n,"page");return{room:C(e,"room"),version:k(e,"version"),messages:F(e,"messages",t=>pt(
t)),people:F(e,"people",Le),more:e.more===!0}}function hn(n){let e=S(n,"posted");return{number:k(e,"number"),version:k(e,"version")}}function pn(n){return F(S(n,
"people"),"people",Le)}function vn(n){let e=S(n,"joined");return{room:C(e,"room"),version:k(e,"version")}}function vt(n){let e=S(n,"hello"),t=S(e.server,"server"),
i=S(e.limits,"limits"),o=null;if(e.me!==null&&e.me!==void 0){let r=S(e.me,"me");o={user:cn(r.user),rooms:F(r,"rooms",Oe),version:k(r,"version")}}return{epoch:C(
e,"epoch"),me:o,server:{rooms:F(t,"rooms",Oe),version:k(t,"version")},limits:{text:k(i,"text"),name:k(i,"name"),room:k(i,"room"),frame:k(i,"frame"),behind:k(i,"\
behind")}}}function xi(n){let e=S(n,"error"),t={code:C(e,"code"),message:typeof e.message=="string"?e.message:""};return!t.message&&typeof e.detail=="string"&&(t.
message=e.detail),typeof e.field=="string"&&(t.field=e.field),typeof e.retry_after=="number"&&(t.retryAfter=e.retry_after),typeof e.text=="string"&&(t.text=e.text),
typeof e.version=="number"&&(t.version=e.version),t}function gn(n){let e;try{e=JSON.parse(n)}catch{throw new I("not JSON")}let t=S(e,"frame");if(t.re!==void 0)return t.
error!==void 0?{is:"refusal",re:k(t,"re"),error:xi(t.error)}:{is:"answer",re:k(t,"re"),ok:t.ok};if(t.hello!==void 0)return{is:"hello",hello:vt(t.hello)};if(t.reset!==
void 0)return{is:"reset",reset:te(t.reset)};if(t.me!==void 0)return Ei(t);if(t.server!==void 0)return Ti(t);if(t.room===void 0)return null;if(t.version!==void 0)
return{is:"change",change:fn(t)};if(t.typing!==void 0)return{is:"typing",room:C(t,"room"),users:F(t,"typing",wi)};if(t.here!==void 0){let i=S(t.here,"here");return{
is:"here",room:C(t,"room"),here:{count:k(i,"count"),people:F(i,"people",Le)}}}return null}function Ei(n){let e=S(n.me,"me"),t={is:"me",version:k(n,"version")};return e.
user!==void 0&&(t.user=cn(e.user)),e.room!==void 0&&(t.room=Oe(e.room)),t}function Ti(n){let e=S(n.server,"server"),t={is:"server",version:k(n,"version")};return e.
room!==void 0&&(t.room=Oe(e.room)),t}function _n(n){let e=JSON.parse(n);return{hello:vt(e.hello),open:te(e.open),page:e.page}}function yn(n,e){if((n.messages.at(-1)?.number??0)===n.number)return!0;
let i=new URLSearchParams(e);return!["before","after","at"].some(o=>i.has(o))}function gt(n,e){return`/${encodeURIComponent(n)}/${encodeURIComponent(e)}/`}function bn(n,e,t){return`${gt(n,e)}?at=${t}#m${t}`}function _t(n){let e=/^#m(\d{1,15})$/.
exec(n.hash)?.[1]??new URLSearchParams(n.search).get("at")??"";return/^[1-9]\d{0,14}$/.test(e)?Number(e):void 0}function wn(n){let e=/^\/([^/]+)\/[^/]+\/?$/.exec(
n);if(e?.[1])try{return decodeURIComponent(e[1])}catch{return}}var D=class n{static first=250;static base=500;static soon=1500;static most=15e3;static patience=60;failures=0;random;constructor(e=Math.random){this.random=e}next(){
return this.random()*Si(this.failures++)}later(){this.failures=Math.max(this.failures,n.patience+2)}reset(){this.failures=0}};function Si(n){return n===0?D.first:
n<D.patience?Math.min(D.soon,D.base*2**(n-1)):Math.min(D.most,D.soon*2**Math.min(n-D.patience+1,16))}var L=class extends Error{name="Refused";refusal;constructor(e){super(e.message||e.code),this.refusal=e}},B=class extends Error{name="Lost"},Ci=8e3,Ri=1e4,Pi=3e3,
kn=25e3,Mi=4001,Ai=new Set([1002,1003,1007,1009,1011,4008]),Oi={set:(n,e)=>setTimeout(n,e),clear:n=>clearTimeout(n)},He=class{config;clock;backoff;asked=new Map;now="\
waiting";link=null;attempt=0;nextID=1;timer=null;there=!0;failed=!1;blocked=0;byHTTP=!1;constructor(e){this.config=e,this.clock=e.clock??Oi,this.backoff=new D(e.
random)}get state(){return this.now}start(){if(this.now!=="waiting")return;this.enter("connecting");let e=++this.attempt,t=this.byHTTP&&this.config.http||this.config.
socket;this.plan(Ci,()=>this.lost(1006)),this.link=t({frame:i=>e===this.attempt&&this.receive(i),down:i=>e===this.attempt&&this.lost(i)})}wake(){this.now==="wai\
ting"?this.start():this.now==="online"&&this.ask({do:"ping"},Pi).catch(()=>{})}end(){this.drop(),this.enter("ended")}ask(e,t=Ri){let i=this.link;return this.now!==
"online"||!i?Promise.reject(new B("not connected")):new Promise((o,r)=>{let s=this.nextID++,a=this.clock.set(()=>this.lost(1006),t);this.asked.set(s,{resolve:o,
reject:r,deadline:a}),i.send(s,e)})}receive(e){let t;try{t=gn(e)}catch(i){if(!(i instanceof I))throw i;this.backoff.later(),this.lost(1002);return}t?.is==="hell\
o"&&this.now==="connecting"&&this.greeted(t.hello),!(this.now!=="online"||t===null||t.is==="hello")&&(this.plan(kn,()=>{this.ask({do:"ping"}).catch(()=>{})}),t.
is==="answer"?this.settle(t.re)?.resolve(t.ok):t.is==="refusal"?this.settle(t.re)?.reject(new L(t.error)):this.config.frame(t))}greeted(e){this.backoff.reset(),
this.failed=!1,this.byHTTP||(this.blocked=0),this.plan(kn,()=>{this.ask({do:"ping"}).catch(()=>{})}),this.enter("online"),this.config.hello(e)}settle(e){let t=this.
asked.get(e);return t&&this.clock.clear(t.deadline),this.asked.delete(e),t}lost(e){let t=this.now==="online";if(this.drop(),e===Mi){this.enter("ended");return}Ai.
has(e)&&this.backoff.later(),e===1006&&!t&&!this.byHTTP&&this.there&&this.blocked++,this.byHTTP&&(this.blocked=1),this.failed=!t||this.byHTTP,this.there=!1,this.
byHTTP=!1,this.enter("waiting"),this.later()}later(){let e=this.attempt;this.plan(this.backoff.next(),()=>{this.again(e)})}async again(e){let{http:t,answersHTTP:i}=this.
config;if(this.failed&&t&&i){let o=await i();if(e!==this.attempt||this.now!=="waiting")return;if(!o){this.blocked=0,this.later();return}this.there=!0,this.byHTTP=
this.blocked>=2}this.start()}drop(){this.attempt++,this.clock.clear(this.timer),this.timer=null,this.link?.close(),this.link=null;let e=[...this.asked.keys()];for(let t of e)
this.settle(t)?.reject(new B("the connection was lost"))}plan(e,t){this.clock.clear(this.timer),this.timer=this.clock.set(t,e)}enter(e){e!==this.now&&(this.now=
e,this.config.state(e))}};var $e=class{keep;prefix;constructor(e,t){this.keep=e,this.prefix=`parley/${t}/draft/`}get(e){return this.keep.get(this.prefix+e)??""}add(e,t){let i=this.get(e);
i.endsWith(t)||this.set(e,i===""?t:`${i}
${t}`)}set(e,t){t===""?this.keep.remove(this.prefix+e):this.keep.set(this.prefix+e,t)}};var yt="/api/v1",wt="by_page";async function xn(){try{return(await fetch(`${yt}/me`,{method:"HEAD",cache:"no-store",signal:AbortSignal.timeout(5e3)})).ok}catch{return!1}}var En=n=>{let e=new bt(
n);return e.start(),e},bt=class{events;stop=new AbortController;follows=new Map;constructor(e){this.events=e}async start(){try{let e=await this.fetch("GET","/me");
if(!e.ok)throw new Error(e.statusText);this.emit({hello:await e.json()})}catch{this.down()}}send(e,t){t.do==="open"?this.follow(e,t.room,t.at):this.request(e,t)}close(){
this.stop.abort();for(let e of this.follows.values())e.close();this.follows.clear()}async request(e,t){try{let i=await this.dispatch(t);if(i===null){this.emit({
re:e,ok:{}});return}let o=await i.json();this.emit(i.ok?{re:e,ok:o}:{re:e,error:o})}catch{this.down()}}async dispatch(e){let t="room"in e?`/rooms/${encodeURIComponent(
e.room)}/messages`:"";switch(e.do){case"post":return this.fetch("POST",t,{text:e.text},{"Idempotency-Key":e.key});case"edit":return this.fetch("PATCH",`${t}/${e.
number}`,{text:e.text,version:e.version});case"delete":return this.fetch("DELETE",`${t}/${e.number}`);case"history":{let i=new URLSearchParams({limit:String(e.limit??
50)});return e.before!==void 0&&i.set("before",String(e.before)),e.after!==void 0&&i.set("after",String(e.after)),this.fetch("GET",`${t}?${i}`)}case"ping":return this.
fetch("GET","/me");case"close":return this.follows.get(e.room)?.close(),this.follows.delete(e.room),null;case"join":return Response.json({code:wt,message:"Joini\
ng goes by the join page."},{status:501});default:return null}}follow(e,t,i){this.follows.get(t)?.close();let o=new URLSearchParams({at:`${t}:${i?.version??0}`,
epoch:i?.epoch??"-"}),r=new EventSource(`${yt}/changes?${o}`);this.follows.set(t,r);let s=!1;r.addEventListener("open",()=>{i&&!s&&this.emit({re:e,ok:{room:t,...i,
number:0}}),i&&(s=!0)}),r.addEventListener("message",a=>{!s&&a.data.startsWith('{"reset"')?(s=!0,this.emit({re:e,ok:JSON.parse(a.data).reset})):this.events.frame(
a.data)}),r.addEventListener("error",()=>this.down())}fetch(e,t,i,o){let r={method:e,cache:"no-store",signal:this.stop.signal};return i!==void 0&&(r.body=JSON.stringify(
i),r.headers={"Content-Type":"application/json",...o}),fetch(yt+t,r)}emit(e){this.stop.signal.aborted||this.events.frame(JSON.stringify(e))}down(){this.stop.signal.
aborted||(this.close(),this.events.down(1006))}};var Sn="0123456789ABCDEFGHJKMNPQRSTVWXYZ",kt=0,xt=0;function Ie(n=Date.now()){n>kt?(kt=n,xt=0):xt++;let e=crypto.getRandomValues(new Uint8Array(12)),t="";for(let i of e)
t+=Sn.charAt(i%32);return Tn(kt,10)+Tn(xt,4)+t}function Tn(n,e){let t="";for(let i=0;i<e;i++)t=Sn.charAt(n%32)+t,n=Math.floor(n/32);return t}function Cn(n){return e=>{let t=new WebSocket(n),i=new AbortController,o={signal:i.signal};return t.addEventListener("message",r=>typeof r.data=="string"&&e.frame(
r.data),o),t.addEventListener("close",r=>{i.abort(),e.down(r.code)},o),{send(r,s){t.readyState===WebSocket.OPEN&&t.send(JSON.stringify({id:r,...s}))},close(){i.
abort(),t.close()}}}}var ge=p(""),Et;function W(n){clearTimeout(Et),ge.value=n,Et=setTimeout(()=>ge.value="",8e3)}function De(){clearTimeout(Et),ge.value=""}async function Tt(n){try{
return await navigator.clipboard.writeText(n),!0}catch{return Li(n)}}async function Ne(n,e){W(await Tt(n)?e:"This browser does not let pages copy.")}function Li(n){
let e=document.createElement("textarea");e.value=n,e.className="sr",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}function Rn(n){let e=!1,t=0,i,o=()=>{cancelAnimationFrame(t),clearTimeout(i),e=!1,n()};return()=>{e||(e=!0,t=requestAnimationFrame(o),i=setTimeout(o,100))}}var Fe=class{id;me;epoch="";version=0;number=0;low=1;high=0;info={name:"",kind:"public",topic:"",members:0};infoVersion=0;membersVersion=0;member=!1;memberVersion=0;held=new Map;covered=[];strays=null;asking=0;generation=0;shown=null;constructor(e,t,i=!0){
this.id=e.room,this.me=t,this.reset(e,i)}get position(){return{epoch:this.epoch,version:this.version}}get view(){return this.shown??={id:this.id,info:this.info,
member:this.member,version:this.version,newest:this.number,messages:[...this.held.values()].filter(e=>!e.deleted).toSorted((e,t)=>e.number-t.number),earlier:this.
low>1,later:this.high<this.number},this.shown}reset(e,t=!0){this.epoch=e.epoch,this.version=e.version,this.number=e.number,this.info=e.info??this.info,this.infoVersion=
e.version,this.membersVersion=e.version,this.member=e.member,this.memberVersion=e.version,this.held.clear();for(let r of e.messages)this.held.set(r.number,r);let i=e.
messages[0],o=e.messages.at(-1);this.low=e.more&&i?i.number:1,this.high=t||!o?e.number:o.number,this.covered=[{low:this.low,high:this.high,version:e.version}],this.
strays=null,this.asking=0,this.generation++,this.shown=null}take(e,t=!0){if(e.reset){this.reset(e,t);return}for(let i of e.changes)this.apply(i);this.version=Math.
max(this.version,e.version),this.reach(e.number),this.shown=null}apply(e){let t=e.message!==void 0&&!e.message.deleted&&e.message.number>this.number;if(e.message&&
this.put(e.message),e.info&&e.version>this.infoVersion){let i=e.version>this.membersVersion;this.info=i?e.info:{...e.info,members:this.info.members},this.infoVersion=
e.version,i&&(this.membersVersion=e.version)}return e.members!==void 0&&e.version>this.membersVersion&&(this.info={...this.info,members:e.members},this.membersVersion=
e.version),e.member?.user===this.me&&e.version>this.memberVersion&&(this.member=e.member.joined,this.memberVersion=e.version),this.version=Math.max(this.version,
e.version),this.shown=null,t}ask(){return this.asking++,this.strays??=new Map,this.generation}addPage(e,t,i,o){if(e!==this.generation)return!1;let r=o!==null&&i===
(t==="before"?this.low:this.high);if(r){for(let f of o.messages)this.keepNewer(f);let{low:s,high:a}=this;t==="before"?this.low=o.more?o.messages[0]?.number??1:1:
this.extendTo(o);let c=t==="before"?{low:this.low,high:s-1}:{low:a+1,high:o.messages.at(-1)?.number??a};this.covered.push({...c,version:o.version});for(let f of this.
strays?.values()??[])this.inside(f.number)&&this.keepNewer(f);this.shown=null}return--this.asking===0&&(this.strays=null),r}edge(e){return e==="before"?this.low:
this.high}trim(e){let t=this.view.messages,i=0,o=t.length;for(;o-i>400;){let a=t[i],c=t[o-1];if(!a||!c)break;e-a.number>c.number-e?i++:o--}let r=t[i],s=t[o-1];if(!r||
!s||o-i===t.length)return!1;i>0&&(this.low=r.number),o<t.length&&(this.high=s.number);for(let a of this.held.keys())this.inside(a)||this.held.delete(a);return this.
covered=this.covered.map(a=>({low:Math.max(a.low,this.low),high:Math.min(a.high,this.high),version:a.version})).filter(a=>a.low<=a.high),this.shown=null,!0}inside(e){
return e>=this.low&&e<=this.high}extendTo(e){let t=e.messages.at(-1)?.number??this.high;if(e.more){this.high=t;return}this.number=Math.max(this.number,t),this.high=
this.number}reach(e){e<=this.number||(this.high>=this.number&&(this.high=e),this.number=e)}put(e){this.reach(e.number),this.inside(e.number)?this.keepNewer(e):this.
strays&&e.version>(this.strays.get(e.number)?.version??0)&&this.strays.set(e.number,e)}keepNewer(e){let t=this.held.get(e.number);(t?t.version>=e.version:this.leftOut(
e))||this.held.set(e.number,e)}leftOut(e){return this.covered.some(t=>e.number>=t.low&&e.number<=t.high&&e.version<=t.version)}};var St=50,je=class{id;view;typing=p([]);here=p(null);gone=p(!1);target=p(null);reading;config;room;publish;arrived=new Set;loading=new Set;constructor(e,t,i){this.
id=e.room,this.config=i,this.room=new Fe(e,i.me,t),this.view=p(this.room.view),this.publish=Rn(()=>this.show()),i.learn(e.people),this.gone.value=e.info?.deleted===
!0}async resume(){let e={do:"open",room:this.id,at:this.room.position,limit:St};this.reading!==void 0&&(e.around=this.reading),await this.open(e)}async jump(e){
if(e==="newest"?!this.room.view.later:this.holds(e)){this.target.value=e;return}let t={do:"open",room:this.id,limit:St};e!=="newest"&&(t.around=e),await this.open(
t)&&(this.target.value=e)}async open(e){try{return this.take(te(await this.config.ask(e)),e.around===void 0),!0}catch(t){return t instanceof L&&["not_found","fo\
rbidden"].includes(t.refusal.code)&&(this.gone.value=!0),!1}}take(e,t=!0){this.config.learn(e.people);for(let i of e.changes)this.noteMessage(i);for(let i of e.
messages)i.key!==void 0&&i.by===this.config.me&&this.arrived.add(i.key);this.room.take(e,t),e.reset&&(t&&(this.reading=void 0),t&&this.target.peek()===null&&(this.
target.value="newest")),this.gone.value=e.info?.deleted===!0,this.show()}show(){he(()=>{this.view.value=this.room.view;for(let e of this.arrived)this.config.seen(
e);this.arrived.clear()})}apply(e){let t=this.room.apply(e);this.noteMessage(e),t&&e.message&&e.message.by!==this.config.me&&this.config.fresh(e.message.by),e.member&&
this.config.learn([{id:e.member.user,name:e.member.name}]),e.info?.deleted&&(this.gone.value=!0),this.publish()}noteMessage({message:e}){e&&(e.key!==void 0&&e.by===
this.config.me&&this.arrived.add(e.key),this.typing.peek().includes(e.by)&&(this.typing.value=this.typing.peek().filter(t=>t!==e.by)))}holds(e){return this.room.
view.messages.some(t=>t.number===e)}async load(e){if(!(e==="before"?this.room.view.earlier:this.room.view.later)||this.loading.has(e))return;this.loading.add(e);
let i=this.room.edge(e),o=this.room.ask();try{let r={do:"history",room:this.id,limit:St};r[e]=i;let s=mn(await this.config.ask(r));this.config.learn(s.people),this.
room.addPage(o,e,i,s)}catch{this.room.addPage(o,e,i,null)}finally{this.loading.delete(e)}this.show()}trim(e){this.room.trim(e)&&this.show()}disconnected(){this.
typing.value=[],this.here.value=null}};var Hi=5e3,$i=3e4,Ii=new Set(["forbidden","not_found","invalid","too_long","key_reused","missing","conflict"]),Ue=class{config;prefix;entries=new Map;sending=new Set;pauses=new Map;overdue=new Map;watched=new Set;failures=0;online=!1;shown=null;constructor(e){
this.config=e,this.prefix=`parley/${e.user}/outbox/`;for(let t of e.keep.keys(this.prefix))this.read(t,e.keep.get(t),"now");e.keep.watch((t,i)=>{t.startsWith(this.
prefix)&&(this.read(t,i,"never"),this.publish(),this.pumpAll())})}list(){return this.shown??=[...this.entries.values()].toSorted((e,t)=>e.key<t.key?-1:1),this.shown}add(e,t){
let{tabs:i,epoch:o}=this.config,r=(this.config.now??Date.now)(),s={key:Ie(r),room:e,text:t,at:r,owner:i.id,epoch:o};return this.store(s),this.pump(e),this.publish(),
s}retry(e){let t=this.entries.get(e);t&&(this.store({...Pn(t),epoch:this.config.epoch}),this.resume(t.room),this.publish())}discard(e){let t=this.entries.get(e);
if(t)return this.forget(e),this.resume(t.room),this.publish(),t}seen(e){this.entries.has(e)&&(this.forget(e),this.publish())}connected(){this.online=!0,this.failures=
0,this.sending.clear(),this.pumpAll()}disconnected(){this.online=!1}settle(e){for(let t of this.list())t.room===e&&t.number!==void 0&&this.forget(t.key);this.publish()}pumpAll(){
for(let e of new Set(this.list().map(t=>t.room)))this.pump(e)}resume(e){this.config.clock.clear(this.pauses.get(e)),this.pauses.delete(e),this.pump(e)}pump(e){for(let i of this.
list())i.room===e&&this.mine(i)&&this.watchOverdue(i);if(!this.online||this.sending.has(e)||this.pauses.has(e))return;let t=this.list().find(i=>i.room===e&&this.
mine(i));t&&this.post(t)}mine(e){return e.owner===this.config.tabs.id&&e.number===void 0&&e.trouble?.retry!==!1&&e.epoch===this.config.epoch}async post(e){let{key:t,
room:i}=e;this.sending.add(i);let o=await this.config.send(e).catch(r=>({error:r}));if(this.sending.delete(i),"error"in o){if(o.error instanceof B)return;this.refused(
t,i,o.error)}else this.failures=0,this.acknowledged(t,o.number);this.publish(),this.pump(i)}acknowledged(e,t){this.stopOverdue(e),this.config.keep.remove(this.prefix+
e);let i=this.entries.get(e);i&&this.entries.set(e,{...Pn(i),number:t})}refused(e,t,i){let o=this.entries.get(e);if(!o)return;this.stopOverdue(e);let r=i instanceof
L?i.refusal:{code:"internal",message:"Something went wrong."},s={code:r.code,message:r.message,retry:!Ii.has(r.code)};if(!s.retry){this.store({...o,trouble:s});
return}this.entries.set(e,{...o,trouble:s});let{clock:a,random:c=Math.random}=this.config,f=Math.min($i,2e3*2**this.failures++),d=r.code==="rate_limited"?(r.retryAfter??
5)*1e3:f*(.5+c()/2);this.pauses.set(t,a.set(()=>this.resume(t),d))}watchOverdue(e){if(this.overdue.has(e.key)||e.trouble)return;let t=this.config.clock.set(()=>{
let i=this.entries.get(e.key);!i||i.trouble||i.number!==void 0||(this.entries.set(i.key,{...i,trouble:{code:"network",message:"There is no connection.",retry:!0}}),
this.publish())},Hi);this.overdue.set(e.key,t)}stopOverdue(e){this.config.clock.clear(this.overdue.get(e)),this.overdue.delete(e)}store(e){this.stopOverdue(e.key),
this.entries.set(e.key,e),this.shown=null,this.config.keep.set(this.prefix+e.key,JSON.stringify(e))}forget(e){this.stopOverdue(e),this.entries.delete(e),this.shown=
null,this.config.keep.remove(this.prefix+e)}read(e,t,i){let o=e.slice(this.prefix.length);this.shown=null;let r=t===null?null:Mn(t);if(!r||r.key!==o){this.stopOverdue(
o),this.entries.delete(o);return}this.entries.set(o,this.aged(r));let{tabs:s}=this.config;r.owner===s.id||this.watched.has(r.owner)||(this.watched.add(r.owner),
s.whenGone(r.owner,()=>this.adopt(r.owner),i))}aged(e){return e.epoch===this.config.epoch||e.trouble?e:{...e,trouble:{code:"epoch",message:"It was written befor\
e the server was set up anew.",retry:!0}}}adopt(e){this.watched.delete(e);for(let t of this.config.keep.keys(this.prefix)){let i=Mn(this.config.keep.get(t)??"");
i?.owner===e&&this.store(this.aged({...i,owner:this.config.tabs.id}))}this.publish(),this.pumpAll()}publish(){this.shown=null,this.config.changed()}};function Pn(n){
let{trouble:e,...t}=n;return t}function Mn(n){try{let e=JSON.parse(n);return[e.key,e.room,e.text,e.owner,e.epoch].some(i=>typeof i!="string")||typeof e.at!="num\
ber"?null:e}catch{return null}}var Di=200,qe=class{names=p(new Map);missing=new Set;ask;asking=!1;constructor(e){this.ask=e}learn(e){let t=this.names.peek(),i=e.filter(r=>t.get(r.id)!==r.name);
if(i.length===0)return;let o=new Map(t);for(let r of i)o.set(r.id,r.name);this.names.value=o}name(e){let t=this.names.value.get(e);return t!==void 0?t:(this.missing.
add(e),this.asking||(this.asking=!0,setTimeout(()=>{this.fetch()},50)),"…")}async fetch(){let e=[...this.missing].slice(0,Di);this.missing.clear();try{this.learn(
await this.ask(e))}catch{}finally{this.asking=!1}}};function Ct(n,e,t){if(e<=n.version)return n;if(!t)return{...n,version:e};let i=t.left===!0||t.deleted===!0,o=n.rooms.findIndex(s=>s.id===t.id),r=[...n.rooms];return o<
0&&!i?r.push(t):o>=0&&r.splice(o,1,...i?[]:[t]),{version:e,rooms:r}}var An="parley/tab/";function On(n){let e=navigator.locks;return e?.request(An+n,()=>new Promise(()=>{})).catch(()=>{}),{id:n,whenGone(t,i,o){e?e.request(An+t,()=>i()).
catch(()=>{}):o==="now"&&queueMicrotask(i)}}}var Ni=8,Fi=400,ji=3e3,Ui="There is no connection just now. The room opens when it is back.",Be=class{me;mine;publicRooms;limits;room;people;drafts;entries=p([]);editing=p(
null);trouble=p("");unseen=p(0);others=ie(()=>{let e=new Set(this.mine.value.rooms.map(t=>t.id));return this.publicRooms.value.rooms.filter(t=>!e.has(t.id))});conn;outbox;epoch;held=new Map;goal;typedAt=0;quiet;wanted=0;postponed;constructor(e,t){
let{hello:i,open:o,page:r}=e,s=i.me?.user??{id:"",name:r.username};this.epoch=i.epoch,this.me=p(s),this.mine=p({version:i.me?.version??0,rooms:i.me?.rooms??[]}),
this.publicRooms=p(i.server),this.limits=p(i.limits),this.people=new qe(async f=>pn(await this.conn.ask({do:"people",users:f}))),this.people.learn([s]),this.drafts=
new $e(t,s.id),this.conn=new He({socket:Cn(`${location.protocol==="https:"?"wss":"ws"}://${location.host}/ws`),http:En,answersHTTP:xn,hello:f=>this.greeted(f),frame:f=>this.
receive(f),state:f=>this.changed(f)}),this.outbox=new Ue({keep:t,tabs:On(Ie()),user:s.id,epoch:i.epoch,send:async({room:f,key:d,text:y})=>hn(await this.conn.ask(
{do:"post",room:f,key:d,text:y})),changed:()=>this.entries.value=this.outbox.list(),clock:{set:(f,d)=>setTimeout(f,d),clear:f=>clearTimeout(f)}}),this.entries.value=
this.outbox.list();let a=this.hold(o,yn(o,location.search));this.goal=_t(location);let c=o.messages.some(f=>f.number===this.goal);a.target.value=c&&this.goal!==
void 0?this.goal:"newest",this.room=p(a)}start(){addEventListener("online",()=>this.conn.wake()),addEventListener("offline",()=>this.conn.wake()),addEventListener(
"pageshow",e=>e.persisted&&this.conn.wake()),document.addEventListener("visibilitychange",()=>{document.hidden||(this.unseen.value=0,this.conn.wake())}),addEventListener(
"focus",()=>this.unseen.value=0),addEventListener("popstate",()=>this.followAddress()),addEventListener("hashchange",()=>this.followAddress()),this.conn.start()}greeted(e){
if(e.me===null){this.conn.end();return}if(e.me.user.id!==this.me.peek().id||e.epoch!==this.epoch){location.reload();return}this.renamed(e.me.user),this.mine.value=
{version:e.me.version,rooms:e.me.rooms},this.publicRooms.value=e.server,this.limits.value=e.limits,this.follow(),this.outbox.connected();let{postponed:t}=this;this.
postponed=void 0,t?.wanted===this.wanted&&(De(),t.run())}async follow(){let e=this.room.peek();await e.resume(),e===this.room.peek()&&this.showAddress(!1);let{goal:t}=this;
this.goal=void 0,t!==void 0&&await e.jump(t)}changed(e){if(e==="online"||e==="ended"?(clearTimeout(this.quiet),this.quiet=void 0,this.trouble.value=e==="ended"?
"ended":""):this.quiet??=setTimeout(()=>this.showTrouble(),Fi),e!=="online"){this.outbox.disconnected();for(let t of this.held.values())t.disconnected()}}showTrouble(){
this.trouble.value=navigator.onLine?"waiting":"offline",this.quiet=setTimeout(()=>this.showTrouble(),1e3)}receive(e){switch(e.is){case"change":this.held.get(e.change.
room)?.apply(e.change),e.change.info&&e.change.room===this.room.peek().id&&this.showAddress(!1,e.change.info.name);break;case"reset":this.held.get(e.reset.room)?.
take(e.reset);break;case"typing":this.typists(e.room,e.users);break;case"here":this.people.learn(e.here.people),this.present(e.room,e.here);break;case"me":this.
mine.value=Ct(this.mine.peek(),e.version,e.room),e.user&&this.renamed(e.user);break;case"server":this.publicRooms.value=Ct(this.publicRooms.peek(),e.version,e.room);
break;default:}}typists(e,t){let i=this.held.get(e);i&&(i.typing.value=t.filter(o=>o!==this.me.peek().id))}present(e,t){let i=this.held.get(e);i&&(i.here.value=
t)}renamed(e){let t=this.me.peek();this.me.value=e,this.people.learn([e]),e.name!==t.name&&this.showAddress(!1)}reconnect(){this.conn.wake()}hold(e,t){let i=new je(
e,t,{me:this.me.peek().id,ask:o=>this.conn.ask(o),learn:o=>this.people.learn(o),seen:o=>this.outbox.seen(o),fresh:()=>{(document.hidden||!document.hasFocus())&&
this.unseen.value++}});this.held.set(i.id,i);for(let o of this.held.keys()){if(this.held.size<=Ni)break;o!==i.id&&this.held.delete(o)}return i}path(e){return gt(
e,this.me.value.name)}async go(e,t){let i=++this.wanted,o=this.room.peek(),r=t.target??"newest";if(e.id===o.id){await o.jump(r);return}let s=e.id===void 0?void 0:
this.held.get(e.id);if(s&&!s.view.peek().later&&r==="newest")s.reading=void 0,s.resume();else try{let a={do:"open",room:e.id??e.name};r!=="newest"&&(a.around=r);
let c=te(await this.conn.ask(a));if(i!==this.wanted)return;s=this.hold(c,r==="newest")}catch(a){if(i!==this.wanted)return;t.push||this.showAddress(!1),a instanceof
B&&(this.postponed={wanted:i,run:()=>{this.go(e,{...t,push:!0})}}),W(a instanceof B?Ui:a instanceof L?a.message:"That room cannot be opened.");return}s.target.value=
r,this.enter(s,t.push)}enter(e,t){let i=this.room.peek();this.held.delete(e.id),this.held.set(e.id,e),this.editing.value=null,this.typedAt=0,this.room.value=e,this.
unseen.value=0,i.id!==e.id&&(i.disconnected(),this.outbox.settle(i.id),this.conn.ask({do:"close",room:i.id}).catch(()=>{})),this.showAddress(t)}async join(e){let{
room:t}=vn(await this.conn.ask({do:"join",room:e}));await this.go({id:t,name:e},{push:!0})}showAddress(e,t=this.room.peek().view.peek().info.name){let i=this.path(
t);i!==location.pathname&&(e?history.pushState(null,"",i):history.replaceState(null,"",i+location.search+location.hash))}followAddress(){let e=wn(location.pathname),
t=this.room.peek();if(e===void 0)return;let i=_t(location),o=i??"newest";if(e===t.view.peek().info.name){i!==void 0&&t.jump(o);return}let r=[...this.mine.peek().
rooms,...this.publicRooms.peek().rooms].find(s=>s.name===e);this.go(r??{name:e},{push:!1,target:o})}send(e){let t=this.room.peek();this.outbox.add(t.id,e),this.
typedAt=0,this.toNewest()}toNewest(){(location.search!==""||location.hash!=="")&&history.replaceState(null,"",location.pathname),this.room.peek().jump("newest")}retry(e){
this.outbox.retry(e),this.conn.wake()}discard(e){return this.outbox.discard(e)}edit(e){let t=this.me.peek().id,i=this.room.peek();if(!e&&this.entries.peek().some(
r=>r.room===i.id&&!r.trouble))return!1;let o=e??i.view.peek().messages.findLast(r=>r.by===t);return o?(this.editing.value={number:o.number,version:o.version,text:o.
text},!0):!1}async save(e){let t=this.editing.peek();if(!t)return!0;let{number:i,version:o}=t;try{return e!==t.text&&await this.conn.ask({do:"edit",room:this.room.
peek().id,number:i,version:o,text:e}),this.editing.value=null,!0}catch(r){if(r instanceof L&&r.refusal.code==="conflict"){let s=r.refusal.text??"";this.editing.
value={number:i,version:r.refusal.version??o,text:s},W(`It was changed meanwhile, to “${qi(s)}”. Save again to replace that.`)}else W(r instanceof L?r.message:
"Not saved: there is no connection. Try again.");return!1}}async delete(e){try{await this.conn.ask({do:"delete",room:this.room.peek().id,number:e}),this.editing.
peek()?.number===e&&(this.editing.value=null)}catch(t){W(t instanceof L?t.message:"Not deleted: there is no connection. Try again.")}}mayDelete(e){let t=this.me.
value;return e.by===t.id||["moderator","administrator","owner"].includes(t.role??"")}typing(e){let t=Date.now();(e?t-this.typedAt<ji:this.typedAt===0)||(this.typedAt=
e?t:0,this.conn.ask({do:"typing",room:this.room.peek().id,on:e}).catch(()=>{}))}};function qi(n){let e=n.replace(/\s+/gu," ").trim(),t=Array.from(e);return t.length>
60?`${t.slice(0,59).join("")}…`:e}var We=class{memory=new Map;get(e){try{return localStorage.getItem(e)??this.memory.get(e)??null}catch{return this.memory.get(e)??null}}set(e,t){try{return localStorage.
setItem(e,t),this.memory.delete(e),!0}catch{return this.memory.set(e,t),!1}}remove(e){this.memory.delete(e);try{localStorage.removeItem(e)}catch{}}keys(e){let t=new Set(
this.memory.keys());try{for(let i=0;i<localStorage.length;i++)t.add(localStorage.key(i)??"")}catch{}return[...t].filter(i=>i.startsWith(e)).toSorted()}watch(e){
addEventListener("storage",t=>t.key!==null&&e(t.key,t.newValue))}};var Rt=p(null);function Ln(n,e){Rt.value=e.text,n.discard(e.key)}var Ve=class{filled=p(!1);box=null;client;room;edited=null;constructor(e,t){this.client=e,this.
room=t}begin(){this.put(this.client.drafts.get(this.room.id)),matchMedia("(pointer: fine)").matches&&this.box?.focus({preventScroll:!0});let e=()=>this.grow(),t=o=>this.
caught(o);addEventListener("resize",e),addEventListener("keydown",t);let i=Rt.subscribe(o=>o!==null&&this.takeBack(o));return()=>{removeEventListener("resize",e),
removeEventListener("keydown",t),i()}}editing(e){let t=e?.number??null;t!==this.edited&&(this.edited=t,this.put(e?e.text:this.client.drafts.get(this.room.id)),this.
box?.focus())}typed(){this.box&&(this.changed(),!this.client.editing.peek()&&(this.client.drafts.set(this.room.id,this.box.value),this.client.typing(this.filled.
peek())))}submit(){let{box:e,client:t}=this;if(!e)return;let i=t.editing.peek();if(t.trouble.peek()==="ended")return;let o=e.value.replace(/^(?:[ \t]*\n)+|\s+$/gu,
"");if(o===""){i&&W("A message cannot be empty. Delete it instead, or press Escape to leave it.");return}let r=new TextEncoder().encode(o).length,s=t.limits.peek().
text;if(r>s){W(`That is too long: ${r.toLocaleString("en")} bytes of at most ${s.toLocaleString("en")}.`);return}if(De(),i){t.save(o);return}t.drafts.set(this.room.
id,""),this.put(""),t.send(o)}keyed(e){if(e.isComposing||e.keyCode===229)return;let{client:t}=this;e.key==="Enter"&&!e.shiftKey&&!e.altKey&&!matchMedia("(pointe\
r: coarse)").matches?(e.preventDefault(),this.submit()):e.key==="Escape"&&t.editing.peek()?(e.preventDefault(),t.editing.value=null):e.key==="ArrowUp"&&!t.editing.
peek()&&this.box?.value===""&&t.edit()&&e.preventDefault()}caught(e){!(e.key.length===1&&e.key!==" "&&!e.ctrlKey&&!e.metaKey&&!e.altKey)||e.defaultPrevented||!(e.
target instanceof Element)||e.target.closest(".menu")||(e.target===document.body||e.target.closest(".scroll"))&&this.box?.focus()}takeBack(e){this.box&&(Rt.value=
null,this.put([this.box.value,e].filter(Boolean).join(`
`)),this.client.drafts.set(this.room.id,this.box.value),this.box.focus())}put(e){this.box&&(this.box.value=e,this.box.setSelectionRange(e.length,e.length),this.
changed())}changed(){this.filled.value=this.box!==null&&this.box.value.trim()!=="",this.grow()}grow(){let{box:e}=this;e&&(e.style.removeProperty("height"),e.value!==
""&&e.style.setProperty("height",`${e.scrollHeight+e.offsetHeight-e.clientHeight}px`))}};var Bi=Symbol.for("pv"),Wi=0;function l(n,e,t,i,o,r){e||(e={});var s,a,c=e;if("ref"in c&&typeof n!="function")for(a in c={},e)a=="ref"?s=e[a]:c[a]=e[a];var f={type:n,props:c,key:t,ref:s,__k:null,
__:null,__b:0,__e:null,__c:null,constructor:Bi,__v:--Wi,__i:-1,__u:0};return(o||r)&&(f.__source=o,f.__self=r),h.vnode&&h.vnode(f),f}function R({name:n}){return l("span",{class:`icon icon-${n}`,"aria-hidden":"true"})}function Hn({client:n,room:e}){let t=ne(()=>new Ve(n,e),[n,e]),i=n.editing.value,{name:o}=e.view.value.info;J(()=>t.begin(),[t]),J(()=>t.editing(i),[t,i]);let r=s=>{
s.preventDefault(),t.submit(),t.box?.focus()};return l("form",{class:t.filled.value?"box":"box idle",onSubmit:r,children:[i&&l("p",{class:"box-note",children:[l(
R,{name:"edit"}),l("span",{children:"Editing your message"}),l("button",{class:"text-button",type:"button",onClick:()=>n.editing.value=null,children:"Cancel"})]}),
l("label",{class:"sr",for:"text",children:["Message ",o]}),l("textarea",{ref:s=>{t.box=s},id:"text",name:"text","data-testid":"message-box",rows:1,placeholder:`\
Message ${o}`,autocomplete:"off",enterkeyhint:"enter",onInput:()=>t.typed(),onKeyDown:s=>t.keyed(s)}),l("button",{class:"send","data-testid":"send",children:[l(
R,{name:i?"check":"send"}),l("span",{class:"sr",children:i?"Save":"Send"})]})]})}function Ke(n){let e=/\d+/.exec(n)?.[0]??"0";return`hue-${Number(BigInt(e)*7n%24n)}`}function $n(n){return(/[\p{L}\p{N}]/u.exec(n)?.[0]??Array.from(n)[0]??"?").
toUpperCase()}function se({id:n,name:e}){return l("span",{class:`avatar ${Ke(n)}`,"aria-hidden":"true",children:$n(e)})}function In({client:n,room:e,sideOpen:t,openRooms:i}){let{info:o}=e.view.value;return l("header",{class:"head",children:[l("button",{class:"icon-button to-rooms",
type:"button","aria-controls":"rooms","aria-expanded":t,onClick:i,children:[l(R,{name:"menu"}),l("span",{class:"sr",children:"Rooms"})]}),l("div",{class:"head-w\
ords",children:[l("h1",{class:"room-title","data-testid":"room",children:o.name}),o.topic&&l("p",{class:"topic",children:o.topic})]}),l(Vi,{client:n,room:e},e.id)]})}
function Vi({client:n,room:e}){let t=H(!1),i=N(null),o=e.here.value,r=n.publicRooms.value.rooms.find(c=>c.id===e.id)?.here,s=o?.count??r;return de(()=>{if(!t.value)
return;let c=f=>{f.target instanceof Node&&!i.current?.contains(f.target)&&(t.value=!1)};return document.addEventListener("pointerdown",c),document.addEventListener(
"focusin",c),()=>{document.removeEventListener("pointerdown",c),document.removeEventListener("focusin",c)}},[t.value,t]),l("div",{class:"who-whole",ref:i,onKeyDown:c=>{
c.key!=="Escape"||!t.value||(t.value=!1,i.current?.querySelector("button")?.focus())},children:[l("button",{class:"who",type:"button","data-testid":"who","aria-\
expanded":t.value,onClick:()=>t.value=!t.value,children:[l(R,{name:"people"})," ",s??""," ",l("span",{class:"sr",children:"here"})]}),t.value&&l("div",{class:"h\
ere",role:"group","aria-label":"Who is here",children:[l("h2",{children:"Here now"}),l("ul",{children:(o?.people??[]).map(c=>l("li",{children:[l(se,{id:c.id,name:c.
name}),l("span",{class:"here-name",children:c.name}),c.id===n.me.value.id&&l("span",{class:"count",children:"you"})]},c.id))}),o&&o.count>o.people.length&&l("p",
{class:"count",children:["and ",o.count-o.people.length," more"]}),!o&&l("p",{class:"count",children:"There is no connection just now."})]})]})}function Nn(n,e){let t=[],i=new Set,o,r;for(let s of n){let a=s.at===void 0?o?.date??"":e.date(s.at);if(!o||a!==o.date){let f=i.has(a)?`${a} ${s.id}`:a;i.add(f),
o={id:f,date:a,messages:[]},t.push(o),r=void 0}let c=r!==void 0&&Ki(r.said,s);r&&(r.last=!c),r={said:s,first:!c,last:!0},o.messages.push(r)}return t}function Ki(n,e){
return n.by!==e.by?!1:n.at===void 0||e.at===void 0?n.at===e.at:e.at-n.at<=3e5}var Ge=class{dates;clock;known=new Map;constructor(e){let t=e===void 0?{}:{timeZone:e};
this.dates=new Intl.DateTimeFormat("en-CA",{...t,year:"numeric",month:"2-digit",day:"2-digit"}),this.clock=new Intl.DateTimeFormat("en-GB",{...t,hour:"2-digit",
minute:"2-digit",hourCycle:"h23"})}date(e){let t=Math.floor(e/9e5),i=this.known.get(t);if(i===void 0){let o=new Map(this.dates.formatToParts(e).map(r=>[r.type,r.
value]));i=`${o.get("year")}-${o.get("month")}-${o.get("day")}`,this.known.set(t,i)}return i}time(e){return this.clock.format(e)}name(e,t){if(e===this.date(t))return"\
Today";let i=Date.parse(`${this.date(t)}T12:00:00Z`);return e===new Date(i-864e5).toISOString().slice(0,10)?"Yesterday":Dn(e)}moment(e){return`${Dn(this.date(e))}\
, ${this.time(e)}`}},Gi=new Intl.DateTimeFormat("en-GB",{timeZone:"UTC",weekday:"long",day:"numeric",month:"long",year:"numeric"});function Dn(n){let e=new Map(
Gi.formatToParts(Date.parse(`${n}T12:00:00Z`)).map(t=>[t.type,t.value]));return`${e.get("weekday")}, ${e.get("day")} ${e.get("month")} ${e.get("year")}`}var Fn=new WeakMap;function Un(n,e,t){let i=[],o=new Set;for(let r of n.messages){let s=r.by===t;s&&r.key!==void 0&&o.add(r.key),i.push(jn(r,()=>zi(r,s)))}if(n.
later)return i;for(let r of e)r.room!==n.id||o.has(r.key)||i.push(jn(r,()=>({id:r.key,by:t,at:r.at,text:r.text,mine:!0,entry:r})));return i}function zi(n,e){return{
id:e&&n.key!==void 0?n.key:`m${n.number}`,by:n.by,at:n.at,text:n.text,mine:e,message:n}}function jn(n,e){let t=Fn.get(n);return t||Fn.set(n,t=e()),t}var ze=class{stuck=!0;box;anchor=null;constructor(e){this.box=e}note(){this.stuck=this.toEnd()<=48;let e=this.messageAt(this.box.getBoundingClientRect().top);this.
anchor=e&&{element:e,id:e.id,top:qn(e)}}restore(){if(this.stuck){this.end();return}let{anchor:e}=this;if(!e)return;let t=e.element.isConnected?e.element:this.box.
querySelector(`#${CSS.escape(e.id)}`);if(!t)return;let i=qn(t)-e.top;Math.abs(i)>=.5&&(this.box.scrollTop+=i)}end(){this.box.scrollTop=this.box.scrollHeight,this.
stuck=!0}centre(e){let t=this.box.getBoundingClientRect(),i=e.getBoundingClientRect();this.box.scrollTop+=i.top-t.top-Math.max(0,(t.height-i.height)/2),this.note()}fromStart(){
return this.box.scrollTop}toEnd(){return this.box.scrollHeight-this.box.clientHeight-this.box.scrollTop}get height(){return this.box.clientHeight}middle(){let e=this.
box.getBoundingClientRect(),t=this.messageAt(e.top+e.height/2),i=Number(t?.dataset.number);return Number.isNaN(i)?void 0:i}messageAt(e){let t=this.box.querySelectorAll(
".message"),i=0,o=t.length;for(;i<o;){let r=i+o>>1,s=t[r];s&&s.getBoundingClientRect().bottom>e?o=r:i=r+1}return t[i]??null}};function qn(n){return(n.querySelector(
".bubble")??n).getBoundingClientRect().top}function Bn({path:n}){let e=H(""),t=`${location.origin}${n}`,i=async()=>e.value=await Tt(t)?"done":"failed";return l("div",{class:"empty",children:[l("p",{children:"\
Nothing here yet. Say hello, or send this link to someone."}),l("button",{class:"button quiet",type:"button",onClick:()=>{i()},children:[l(R,{name:e.value==="do\
ne"?"check":"link"}),e.value==="done"?"Copied":"Copy link"]}),e.value==="failed"&&l("p",{class:"count",children:t})]})}var Ji=new RegExp("^(?:(?:\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Emoji_Presentation}\\uFE0F?|\\p{Extended_Pictographic}\\uFE0F)[\\u{1F3FB}-\\u{1F3FF}\\u\
{E0020}-\\u{E007F}]*(?:\\u200D\\p{Extended_Pictographic}\\uFE0F?[\\u{1F3FB}-\\u{1F3FF}]?)*)\\s*){1,6}$","u");function Wn(n){return n.length<=100&&Ji.test(n.trim())}var Vn=8;function Kn({client:n,item:e,close:t,link:i}){let o=N(null),r=H(!1),s=H(!1);Xi(o,t),J(()=>{Yi(o.current,s),o.current?.querySelector("button")?.focus({preventScroll:!0})},
[r.value,s]);let{message:a}=e;if(!a)return null;let c={class:s.value?"menu up":"menu",ref:o,onKeyDown:d=>Qi(d,o,t)};if(r.value)return l("div",{...c,role:"group",
"aria-label":"Delete this message?",children:l(Zi,{client:n,message:a,close:t})});let f=d=>()=>{d(),t()};return l("div",{...c,role:"menu",children:[e.mine&&l("b\
utton",{class:"menu-item",type:"button",role:"menuitem",onClick:f(()=>n.edit(a)),children:[l(R,{name:"edit"})," Edit"]}),l("button",{class:"menu-item",type:"but\
ton",role:"menuitem",onClick:f(()=>{Ne(e.text,"The text is copied.")}),children:[l(R,{name:"copy"})," Copy text"]}),l("button",{class:"menu-item",type:"button",
role:"menuitem",onClick:f(()=>i(e)),children:[l(R,{name:"link"})," Copy link"]}),n.mayDelete(a)&&l("button",{class:"menu-item danger",type:"button",role:"menuit\
em",onClick:()=>r.value=!0,children:[l(R,{name:"trash"})," Delete"]})]})}function Zi({client:n,message:e,close:t}){return l(E,{children:[l("p",{class:"menu-word\
s",children:"Delete this message?"}),l("div",{class:"menu-line",children:[l("button",{class:"button danger small",type:"button",onClick:()=>{n.delete(e.number),
t()},children:"Delete"}),l("button",{class:"button quiet small",type:"button",onClick:t,children:"Keep"})]})]})}function Gn(n){return n.current?.parentElement?.
querySelector(".more")}function Yi(n,e){let t=n?.closest(".scroll")?.getBoundingClientRect();if(!n||!t)return;n.style.removeProperty("transform");let i=n.getBoundingClientRect(),
o=Math.max(0,i.right+Vn-t.right)-Math.max(0,t.left+Vn-i.left);o!==0&&n.style.setProperty("transform",`translateX(${-o}px)`),e.peek()||(e.value=i.bottom>t.bottom&&
i.top-t.top>i.height)}function Xi(n,e){J(()=>{let t=n.current,i=Gn(n),o=r=>{r.target instanceof Node&&!t?.parentElement?.contains(r.target)&&e()};return document.
addEventListener("pointerdown",o),()=>{document.removeEventListener("pointerdown",o);let{activeElement:r}=document;(r===document.body||t?.contains(r))&&i?.focus(
{preventScroll:!0})}},[n,e])}function Qi(n,e,t){let i=[...e.current?.querySelectorAll("button")??[]],o=i.indexOf(n.target),r={ArrowDown:o+1,ArrowUp:o-1,Home:0,End:i.
length-1}[n.key];if(r!==void 0)i.at(r%i.length)?.focus({preventScroll:!0});else if(n.key==="Escape")Gn(e)?.focus({preventScroll:!0}),t();else if(n.key==="Tab")t();else
return;n.stopPropagation(),n.key!=="Tab"&&n.preventDefault()}var eo=/(?<![a-zA-Z0-9])[hH][tT][tT][pP][sS]?:\/\/[^\p{White_Space}\p{Cc}\p{Cf}<>"`\\。，、；：！？「」『』（）《》【】“”«»‹›]*/gu,to=/^[a-zA-Z]+:\/\/[\p{L}\p{N}[][^/?#@]*(?:[/?#]|$)/u,
no=new Set(".,;:!?'*_~…"),io={")":"(","]":"[","}":"{"};function zn(n){let e=[],t=0;for(let i of n.matchAll(eo)){let o=oo(i[0]);!to.test(o)||Array.from(o).length>
2048||(i.index>t&&e.push({text:n.slice(t,i.index)}),e.push({text:o,href:o}),t=i.index+o.length)}return t<n.length&&e.push({text:n.slice(t)}),e}function oo(n){let e=new Map;
for(let i of n)e.set(i,(e.get(i)??0)+1);let t=n.length;for(;t>0;t--){let i=n.charAt(t-1),o=io[i];if(o!==void 0){let r=e.get(i)??0;if(r<=(e.get(o)??0))break;e.set(
i,r-1)}else if(!no.has(i))break}return n.slice(0,t)}function Jn({text:n}){return l("div",{class:"text",children:zn(n).map(e=>e.href===void 0?e.text:l("a",{href:e.href,rel:"noopener noreferrer nofollow",target:"_b\
lank",children:e.text}))})}function Zn(n){let{item:e,client:t,calendar:i,open:o}=n,{message:r,entry:s}=e,a=e.mine?"You":t.people.name(e.by),c=s===void 0||s.number!==void 0?"":s.trouble?"f\
ailed":"pending",f=r!==void 0&&t.editing.value?.number===r.number,d=g=>{!(g.target instanceof Element&&g.target.closest("a, button")!==null)&&matchMedia("(hover\
: none)").matches&&getSelection()?.isCollapsed!==!1&&o(n.menu?null:e.id)},y=["message",e.mine&&"mine",n.first&&"first",n.last&&"last",n.lit&&"target",f&&"editin\
g",n.menu&&"selected",Wn(e.text)&&"emoji",c];return l("article",{class:y.filter(Boolean).join(" "),id:r?`m${r.number}`:`k${e.id}`,"data-testid":"message","data-\
number":r?.number??s?.number,"data-state":c===""?void 0:c,children:[!e.mine&&n.first&&l(se,{id:e.by,name:a}),l("header",{class:"by",children:[l("span",{class:e.
mine||!n.first?"name sr":`name ${Ke(e.by)}`,children:a})," ",e.at!==void 0&&l("time",{class:"time",dateTime:new Date(e.at).toISOString(),title:i.moment(e.at),children:i.
time(e.at)})]}),l("div",{class:"bubble",onClick:d,children:[l(Jn,{text:e.text}),r?.edited!==void 0&&l("span",{class:"edited",children:"edited"}),c==="pending"&&
l("span",{class:"clock",children:[l(R,{name:"clock"}),l("span",{class:"sr",children:"Sending"})]}),r&&l(ro,{...n,name:a})]}),s?.trouble&&s.number===void 0&&l(so,
{entry:s,client:t})]})}function ro(n){let{item:e,open:t}=n;return l("div",{class:"tools","aria-live":"off",children:[l("button",{class:"more",type:"button",tabIndex:n.
current?0:-1,"data-id":e.id,"aria-haspopup":"menu","aria-expanded":n.menu,"aria-label":e.mine?"More about your message":`More about ${n.name}'s message`,onClick:()=>t(
n.menu?null:e.id),children:l(R,{name:"more"})}),n.menu&&e.message&&l(Kn,{client:n.client,item:e,close:()=>t(null),link:n.link})]})}function so({entry:n,client:e}){
let{trouble:t}=n;if(!t)return null;let i=e.trouble.value==="ended",r=i||t.code==="network"||t.message===""?"Not sent.":`Not sent: ${t.message}`;return l("p",{class:"\
unsent",children:[l(R,{name:"alert"}),l("span",{children:r}),t.retry&&!i?l("button",{class:"text-button",type:"button","data-testid":"retry",onClick:()=>e.retry(
n.key),children:"Retry"}):l(E,{children:[l("button",{class:"text-button",type:"button","data-testid":"restore",onClick:()=>Ln(e,n),children:"Restore"}),l("butto\
n",{class:"text-button",type:"button","data-testid":"discard",onClick:()=>e.discard(n.key),children:"Discard"})]})]})}var lo=2500,uo=1.5,co=40,Je=new Ge,Ze=class extends G{box=null;list=null;scroller=null;sizes=null;shown=null;away=p(!1);missed=p(0);newest=0;lit=p(null);current=p(
null);menu=p(null);litTimer;speakTimer;componentDidMount(){!this.box||!this.list||(this.scroller=new ze(this.box),this.newest=this.props.room.view.peek().newest,
this.settle(),this.sizes=new ResizeObserver(()=>{this.scroller?.restore(),this.fill()}),this.sizes.observe(this.box),this.sizes.observe(this.list))}componentWillUnmount(){
this.sizes?.disconnect(),clearTimeout(this.litTimer),clearTimeout(this.speakTimer)}getSnapshotBeforeUpdate(){return this.scroller?.note(),this.hush(),this.list?.
contains(document.activeElement)&&document.activeElement?.closest(".message")||null}componentDidUpdate(e,t,i){this.settle(),i&&!i.isConnected&&document.activeElement===
document.body&&this.handOn(Number(i.dataset.number))}handOn(e){let t=[...this.box?.querySelectorAll(".message[data-number] .more")??[]],i=t.find(o=>Number(o.closest(
".message")?.dataset.number)>e)??t.at(-1);i&&(this.current.value=i.dataset.id??null),(i??this.box)?.focus({preventScroll:!0})}hush(){let e=this.shown,t=this.props.
room.view.peek();if(e===t||!e)return;let i=e.messages.at(-1)?.number??0,o=e.messages[0]?.number??0;t.newest>e.newest&&!e.later&&!t.later&&(t.messages[0]?.number??
0)>=o&&(t.messages.at(-1)?.number??0)>=i||(this.list?.setAttribute("aria-live","off"),clearTimeout(this.speakTimer),this.speakTimer=setTimeout(()=>this.list?.setAttribute(
"aria-live","polite"),500))}settle(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;this.shown=t.view.peek();let i=t.target.peek();i==="newest"?e.end():i!==
null?this.light(i,e):e.restore(),t.target.value=null,this.moved();let{messages:o}=this.shown;o.length>400+co&&t.trim(t.reading??this.shown.newest)}light(e,t){let i=this.
shown?.messages.find(r=>r.number>=e),o=i&&this.box?.querySelector(`#m${i.number}`);if(!o){t.end();return}t.centre(o),i.number===e&&(this.lit.value=e,clearTimeout(
this.litTimer),this.litTimer=setTimeout(()=>this.lit.value=null,lo))}moved(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;e.note();let i=t.view.peek(),
o=e.stuck&&!i.later;t.reading=o?void 0:e.middle(),o&&(this.newest=i.newest),this.missed.value=Math.max(0,i.newest-this.newest),this.away.value=!o&&(i.later||this.
missed.value>0||e.toEnd()>e.height/2),this.fill()}fill(){let{scroller:e}=this,{room:t}=this.props;if(!e)return;let i=e.height*uo,o=t.view.peek();o.earlier&&e.fromStart()<
i&&t.load("before"),o.later&&e.toEnd()<i&&t.load("after")}keyed=e=>{let t={ArrowUp:-1,ArrowDown:1}[e.key];if(t===void 0||!(e.target instanceof HTMLElement)||!e.
target.matches(".more")||!this.box)return;let i=[...this.box.querySelectorAll(".more")],o=i[i.indexOf(e.target)+t];o&&(e.preventDefault(),this.current.value=o.dataset.
id??null,o.focus())};link=e=>{let{client:t,room:i}=this.props;if(!e.message)return;let o=bn(i.view.peek().info.name,t.me.peek().name,e.message.number);Ne(location.
origin+o,"The link is copied.")};open=e=>{this.menu.value=e,e!==null&&(this.current.value=e)};render({client:e,room:t}){let i=t.view.value,o=t.target.value!==null,
r=Un(i,e.entries.value,e.me.value.id),s=this.current.value!==null&&r.some(a=>a.id===this.current.value)?this.current.value:r.at(-1)?.id;return l(E,{children:[l(
"div",{class:o?"scroll going":"scroll",tabIndex:0,role:"region","aria-label":"Messages",ref:a=>{this.box=a},onScroll:()=>this.moved(),onKeyDown:this.keyed,children:l(
"div",{class:"log",role:"log","aria-live":"polite","aria-relevant":"additions",ref:a=>{this.list=a},children:[r.length===0&&!i.earlier&&!i.later&&l(Bn,{path:e.path(
i.info.name)}),r.length>0&&l("p",{class:"edge",children:i.earlier?"Earlier messages…":`This is the beginning of ${i.info.name}.`}),Nn(r,Je).map(a=>l("section",
{class:"day","aria-label":a.date===""?"Some time ago":Je.name(a.date,Date.now()),children:[a.date!==""&&l("h2",{class:"day-line",children:l("time",{dateTime:a.date,
children:Je.name(a.date,Date.now())})}),a.messages.map(({said:c,first:f,last:d})=>l(Zn,{item:c,first:f,last:d,client:e,calendar:Je,lit:c.message!==void 0&&c.message.
number===this.lit.value,current:c.id===s,menu:c.id===this.menu.value,open:this.open,link:this.link},c.id))]},a.id))]})}),l(fo,{away:this.away,missed:this.missed,
go:()=>e.toNewest()})]})}};function fo({away:n,missed:e,go:t}){return n.value?l("div",{class:"jump-line",children:l("button",{class:"jump",type:"button","data-t\
estid":"jump",onClick:t,children:[l(R,{name:"down"}),"Jump to newest",e.value>0&&l("span",{class:"pill",children:e.value>99?"99+":e.value}),l("span",{class:"sr",
children:e.value>0?"new messages":""})]})}):null}function Xn({client:n,close:e}){let t=n.me.value,i=(t.kind??"guest")==="guest",o=N(null),r=n.room.value.id;return J(()=>mo(o.current),[r]),l("aside",{class:"sid\
e",id:"rooms",children:[l("div",{class:"side-head",children:[l("a",{class:"wordmark",href:"/",children:[l("span",{class:"mark","aria-hidden":"true"}),"Parley"]}),
l("button",{class:"icon-button side-close",type:"button",onClick:e,children:[l(R,{name:"close"}),l("span",{class:"sr",children:"Close the list of rooms"})]})]}),
l(ho,{client:n,close:e}),l("nav",{class:"rooms","aria-label":"Rooms","data-testid":"room-list",ref:o,children:[l(Yn,{title:"My rooms",rooms:n.mine.value.rooms,client:n,
close:e}),l(Yn,{title:"Other rooms",rooms:n.others.value,client:n,close:e})]}),l("div",{class:"me",children:[l(se,{id:t.id,name:t.name}),l("div",{class:"me-word\
s",children:[l("span",{class:"me-name",children:t.name}),i&&l("span",{class:"me-hint",children:"Your name is kept by this browser's cookie only."})]}),l("form",
{method:"post",action:"/-/sign-out",children:l("button",{class:"button quiet small",children:i?"Leave":"Sign out"})})]})]})}function mo(n){let e=n?.getBoundingClientRect(),
t=n?.querySelector("[aria-current]")?.getBoundingClientRect();!n||!e||!t||(t.bottom>e.bottom||t.top<e.top)&&(n.scrollTop+=t.top-e.top-(e.height-t.height)/2)}function Yn({
title:n,rooms:e,client:t,close:i}){let o=t.room.value.id;if(e.length===0)return null;let r=s=>a=>{a.ctrlKey||a.metaKey||a.shiftKey||a.altKey||a.button!==0||(a.preventDefault(),
i(),t.go(s,{push:!0}))};return l(E,{children:[l("h2",{children:n}),l("ul",{children:e.map(s=>l("li",{children:l("a",{class:"room-link",href:t.path(s.name),"aria\
-current":s.id===o?"page":void 0,"data-room":s.id,onClick:r(s),children:l("span",{class:"room-name",children:s.name})})},s.id))})]})}function ho({client:n,close:e}){
let t=H(""),i=H(!1),o=N(null),r=async s=>{let a=o.current;if(!a)return;s.preventDefault();let c=a.value.trim();if(!(c===""||i.value)){i.value=!0;try{await n.join(
c),t.value="",a.value="",e()}catch(f){f instanceof L&&f.refusal.code===wt&&a.form?.submit(),t.value=f instanceof L?f.message:"There is no connection just now. T\
ry again.",a.focus()}finally{i.value=!1}}};return l("form",{class:"find",method:"post",action:"/",onSubmit:s=>{r(s)},children:[l("input",{type:"hidden",name:"us\
ername",value:n.me.value.name}),l("label",{class:"sr",for:"find",children:"Join or make a room"}),l("input",{ref:o,id:"find",name:"room",placeholder:"Join or ma\
ke a room",autocomplete:"off",required:!0,"aria-invalid":t.value?!0:void 0,"aria-describedby":t.value?"find-error":void 0,onInput:()=>t.value=""}),l("button",{class:"\
button quiet",children:"Go"}),t.value&&l("p",{class:"error",id:"find-error",role:"alert",children:t.value})]})}function Qn({client:n,room:e}){let t=e.typing.value.map(i=>n.people.name(i));return l("p",{class:"typing","data-testid":"typing",children:t.length>0&&l(E,{children:[
l("span",{class:"dots","aria-hidden":"true"}),po(t)]})})}function po([n,e,...t]){return e===void 0?l(E,{children:[l("bdi",{children:n})," is typing…"]}):t.length===
0?l(E,{children:[l("bdi",{children:n})," and ",l("bdi",{children:e})," are typing…"]}):"Several people are typing…"}function ei({client:n,room:e}){let t=vo(
n,e);return l("p",{class:t?"status grave":"status","data-testid":"status",role:"status",children:t||ge.value||go(n)})}function vo(n,e){return n.trouble.value===
"ended"?l(E,{children:["Your session has ended. ",l("a",{href:`/?room=${encodeURIComponent(e.view.value.info.name)}`,children:"Join again"})]}):e.gone.value?"Th\
is room is gone.":""}function go(n){switch(n.trouble.value){case"waiting":return"Reconnecting…";case"offline":return"You are offline. What you write is sent w\
hen you are back.";default:return""}}var _o="(min-width: 900px)";function ti({client:n}){let e=H(!1),t=N(null),i=n.room.value,o=()=>e.value=!1;return de(()=>e.value?yo(t.current,o):void 0,[e.value]),
l("div",{class:e.value?"app side-open":"app",ref:t,children:[l(Xn,{client:n,close:o}),e.value&&l("button",{class:"shade",type:"button",tabIndex:-1,"aria-label":"\
Close the list of rooms",onClick:o}),l("main",{class:"main",inert:e.value,children:[l(In,{client:n,room:i,sideOpen:e.value,openRooms:()=>e.value=!0}),l(Ze,{client:n,
room:i},i.id),l("div",{class:"foot-line",children:[l(Qn,{client:n,room:i}),l(ei,{client:n,room:i})]}),l(Hn,{client:n,room:i},i.id)]})]})}function yo(n,e){let t=matchMedia(
_o),i=o=>o.key==="Escape"&&e();return n?.querySelector(".side-close")?.focus({preventScroll:!0}),addEventListener("keydown",i),t.addEventListener("change",e),()=>{
removeEventListener("keydown",i),t.removeEventListener("change",e);let{activeElement:o}=document;(o===document.body||o?.closest(".side"))&&n?.querySelector(".to\
-rooms")?.focus({preventScroll:!0})}}var _e=document.getElementById("app"),ni=document.getElementById("boot");if(_e&&ni?.textContent){let n=new Be(_n(ni.textContent),new We),e=_e.querySelector("tex\
tarea"),t=e!==null&&e===document.activeElement;n.drafts.add(n.room.peek().id,e?.value??""),_e.replaceChildren(),Bt(l(ti,{client:n}),_e),t&&_e.querySelector("tex\
tarea")?.focus({preventScroll:!0}),q(()=>{let{info:i}=n.room.value.view.value,o=n.unseen.value;document.title=`${o>0?`(${o}) `:""}${i.name} · Parley`}),n.start()}
